package io.weir.spring.autoconfigure.broker;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.weir.broker.BrokerException;

/** Tells why the broker did not start. */
final class BrokerFailureAnalyzer extends AbstractFailureAnalyzer<BrokerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BrokerException cause) {
		return new FailureAnalysis("The Weir broker could not start: " + cause.getMessage(),
				"See weir.broker.port, weir.broker.bind-address and weir.broker.data-directory "
						+ "(for an embedded broker also weir.embedded.data-directory).",
				cause);
	}

}
