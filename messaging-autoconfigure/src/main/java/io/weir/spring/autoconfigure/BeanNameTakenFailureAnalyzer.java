package io.weir.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Analyses two beans of the same name, one of them out of properties. */
final class BeanNameTakenFailureAnalyzer extends AbstractFailureAnalyzer<BeanNameTakenException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BeanNameTakenException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), "Give the entry another name.", cause);
	}

}
