package io.weir.test;

import java.lang.annotation.Annotation;
import java.util.Optional;
import java.util.function.Consumer;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

import io.weir.broker.BrokerBuilder;

/** Gives tests the broker that {@link EmbeddedWeir} promises. */
final class EmbeddedWeirExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(EmbeddedWeir.class);

	/** Spring injects what is said to be injected. */
	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == WeirTestBroker.class && !isForSpring(parameter);
	}

	private static boolean isForSpring(ParameterContext parameter) {
		for (Annotation annotation : parameter.getParameter().getAnnotations()) {
			if (annotation.annotationType().getName().startsWith("org.springframework.")) {
				return true;
			}
		}
		return false;
	}

	/** The test begins with its constructor. */
	@Override
	public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
		return ExtensionContextScope.TEST_METHOD;
	}

	@Override
	public WeirTestBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return SpringBroker.of(context)
			.orElseGet(() -> context.getStore(NAMESPACE)
				.computeIfAbsent(WeirTestBroker.class, (key) -> start(context), WeirTestBroker.class));
	}

	/** Closed by the store that it is put into. */
	private static WeirTestBroker start(ExtensionContext context) {
		return WeirTestBroker.start((builder) -> annotation(context).ifPresent((annotation) -> {
			for (Class<? extends Consumer<BrokerBuilder>> settings : annotation.settings()) {
				ReflectionSupport.newInstance(settings).accept(builder);
			}
		}));
	}

	private static Optional<EmbeddedWeir> annotation(ExtensionContext context) {
		return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), EmbeddedWeir.class,
				context.getEnclosingTestClasses());
	}

}
