package io.weir.spring.modulith;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.modulith.events.Externalized;
import org.springframework.util.ClassUtils;

/**
 * Has a native image know how to write the events of an application as JSON: no method
 * names their classes, so that nothing else would find them.
 */
final class ExternalizedEventHints implements BeanFactoryInitializationAotProcessor {

	private final BindingReflectionHintsRegistrar registrar = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (!AutoConfigurationPackages.has(beanFactory)) {
			return null;
		}
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		List<Class<?>> events = AutoConfigurationPackages.get(beanFactory)
			.stream()
			.flatMap(ExternalizedEventHints::events)
			.<Class<?>>map((name) -> ClassUtils.resolveClassName(name, classLoader))
			.toList();
		return events.isEmpty() ? null : (generation, code) -> events.forEach(
				(event) -> this.registrar.registerReflectionHints(generation.getRuntimeHints().reflection(), event));
	}

	/** The names of the classes of a package, and of those below it. */
	private static Stream<String> events(String basePackage) {
		Scanner scanner = new Scanner();
		scanner.addIncludeFilter(new AnnotationTypeFilter(Externalized.class));
		return scanner.findCandidateComponents(basePackage)
			.stream()
			.flatMap((candidate) -> Stream.ofNullable(candidate.getBeanClassName()));
	}

	/** Finds interfaces and abstract classes, too. */
	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		Scanner() {
			super(false);
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition candidate) {
			return true;
		}

	}

}
