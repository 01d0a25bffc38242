package io.weir.spring.autoconfigure.common;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Auto-configuration of the checks that every property below {@code weir} means
 * something, and every duration what it seems to.
 */
@AutoConfiguration
public final class WeirPropertyNamesAutoConfiguration {

	WeirPropertyNamesAutoConfiguration() {
	}

	@Bean
	static BeanFactoryPostProcessor weirPropertyNamesCheck(ConfigurableEnvironment environment) {
		return (beanFactory) -> new PropertyNamesCheck(PropertyNames.load(beanFactory.getBeanClassLoader()))
			.check(environment);
	}

	@Bean
	static DurationUnitCheck weirDurationUnitCheck(ConfigurableEnvironment environment) {
		return new DurationUnitCheck(environment);
	}

}
