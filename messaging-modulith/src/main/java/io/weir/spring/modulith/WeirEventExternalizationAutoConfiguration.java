package io.weir.spring.modulith;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.ExternalizationMode;
import org.springframework.modulith.events.config.EventExternalizationAutoConfiguration;
import org.springframework.modulith.events.support.EventExternalizerModuleListener;

import io.weir.spring.WeirOperations;

/**
 * Auto-configuration of the externalization of events of Spring Modulith to topics. In
 * mode {@code outbox} there is only the transport, for the outbox that calls it.
 */
@AutoConfiguration(after = EventExternalizationAutoConfiguration.class,
		afterName = "io.weir.spring.autoconfigure.WeirAutoConfiguration")
@ConditionalOnBooleanProperty(name = "spring.modulith.events.externalization.enabled", matchIfMissing = true)
public final class WeirEventExternalizationAutoConfiguration {

	WeirEventExternalizationAutoConfiguration() {
	}

	@Bean
	WeirEventTransport weirEventTransport(EventExternalizationConfiguration configuration, WeirOperations operations,
			BeanFactory beans) {
		return new WeirEventTransport(configuration, operations, beans);
	}

	@Bean
	@ConditionalOnProperty(name = ExternalizationMode.PROPERTY, havingValue = "module-listener", matchIfMissing = true)
	EventExternalizerModuleListener weirEventExternalizer(EventExternalizationConfiguration configuration,
			WeirEventTransport transport) {
		return new EventExternalizerModuleListener(configuration, transport);
	}

}
