package io.weir.spring.autoconfigure.diagnostics;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.weir.spring.listener.InvalidListenerException;

/**
 * Analyses methods with {@code @WeirListener} or {@code @WeirReader} that cannot be
 * listeners.
 */
final class InvalidListenerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidListenerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidListenerException cause) {
		return new FailureAnalysis(
				"Method " + cause.method() + " of bean '" + cause.getBeanName() + "' cannot be a listener: "
						+ cause.reason(),
				"Correct the method or its annotation; where an attribute holds a placeholder, the property behind it.",
				cause);
	}

}
