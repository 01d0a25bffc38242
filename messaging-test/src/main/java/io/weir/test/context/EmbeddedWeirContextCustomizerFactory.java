package io.weir.test.context;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

import io.weir.test.EmbeddedWeir;

/** Gives a broker to the contexts of tests that ask for one. */
final class EmbeddedWeirContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		EmbeddedWeir annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass, EmbeddedWeir.class);
		return (annotation != null) ? new EmbeddedWeirContextCustomizer(List.of(annotation.settings())) : null;
	}

}
