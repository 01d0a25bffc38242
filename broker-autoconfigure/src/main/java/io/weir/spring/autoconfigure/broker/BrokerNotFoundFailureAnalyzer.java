package io.weir.spring.autoconfigure.broker;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which dependency is missing. */
final class BrokerNotFoundFailureAnalyzer extends AbstractFailureAnalyzer<BrokerNotFoundException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BrokerNotFoundException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Add the dependency io.weir:messaging-broker, or set weir.embedded.enabled to false "
						+ "and weir.client.service-url to the address of a broker.",
				cause);
	}

}
