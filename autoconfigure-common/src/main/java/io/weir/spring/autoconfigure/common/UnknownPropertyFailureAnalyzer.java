package io.weir.spring.autoconfigure.common;

import java.util.Locale;
import java.util.stream.Collectors;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names the properties that mean nothing, and those that may have been meant. */
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnknownPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownPropertyException cause) {
		String description = cause.properties()
			.stream()
			.map((property) -> String.format(Locale.ROOT,
					"%n    Property: %s%n    Value: \"%s\"%n    Origin: %s%n    Nearest: %s", property.name(),
					property.value(), property.origin(), property.nearest()))
			.collect(Collectors.joining(System.lineSeparator(), "There is no such property below 'weir':", ""));
		return new FailureAnalysis(description,
				"Correct or remove the property. Names below 'weir' are reserved for Weir; a property of your own "
						+ "is accepted there if it has configuration metadata.",
				cause);
	}

}
