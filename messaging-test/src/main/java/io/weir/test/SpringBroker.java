package io.weir.test;

import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

import org.springframework.test.context.junit.jupiter.SpringExtension;

/** The broker of a test's application context, where there is Spring. */
final class SpringBroker {

	private static final boolean SPRING = ReflectionSupport
		.tryToLoadClass("org.springframework.test.context.junit.jupiter.SpringExtension", loader())
		.toOptional()
		.isPresent();

	private SpringBroker() {
	}

	private static ClassLoader loader() {
		return SpringBroker.class.getClassLoader();
	}

	static Optional<WeirTestBroker> of(ExtensionContext context) {
		if (!SPRING || !hasApplicationContext(context)) {
			return Optional.empty();
		}
		return Optional.of(SpringExtension.getApplicationContext(context).getBean(WeirTestBroker.class));
	}

	private static boolean hasApplicationContext(ExtensionContext context) {
		return Stream.concat(Stream.of(context.getRequiredTestClass()), context.getEnclosingTestClasses().stream())
			.flatMap((type) -> AnnotationSupport.findRepeatableAnnotations(type, ExtendWith.class).stream())
			.flatMap((extensions) -> Stream.of(extensions.value()))
			.anyMatch(SpringExtension.class::isAssignableFrom);
	}

}
