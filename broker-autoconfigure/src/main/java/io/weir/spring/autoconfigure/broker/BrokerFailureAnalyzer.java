package io.weir.spring.autoconfigure.broker;

import java.util.Map;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.weir.broker.BrokerException;

/** Tells why the broker did not start, and which property to look at. */
final class BrokerFailureAnalyzer extends AbstractFailureAnalyzer<BrokerException> {

	private static final String ANY = "the properties below weir.broker";

	private static final Map<String, String> PROPERTIES = Map.of("port", "weir.broker.port", "bindAddress",
			"weir.broker.bind-address", "dataDirectory",
			"weir.broker.data-directory (for an embedded broker weir.embedded.data-directory)", "certificate",
			"weir.broker.ssl.bundle", "authentication", "weir.broker.security.authentication");

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BrokerException cause) {
		String setting = cause.setting();
		String property = (setting != null) ? PROPERTIES.getOrDefault(setting, ANY) : ANY;
		return new FailureAnalysis("The Weir broker could not start: " + cause.getMessage(), "See " + property + ".",
				cause);
	}

}
