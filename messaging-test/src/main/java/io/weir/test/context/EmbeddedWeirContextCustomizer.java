package io.weir.test.context;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.ClassUtils;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.test.WeirTestBroker;

/**
 * Puts a broker into a context, to which its client is led. Contexts are the same if
 * their brokers have the same settings.
 *
 * @param settings change how the broker is built
 */
record EmbeddedWeirContextCustomizer(
		List<Class<? extends Consumer<BrokerBuilder>>> settings) implements ContextCustomizer {

	private static final String BROKER = "weirTestBroker";

	private static final String DETAILS = "io.weir.spring.autoconfigure.WeirConnectionDetails";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		BeanDefinitionRegistry beans = (BeanDefinitionRegistry) context.getBeanFactory();
		beans.registerBeanDefinition(BROKER, definition(WeirTestBroker.class, this::start, "close"));
		Supplier<WeirTestBroker> broker = () -> context.getBean(BROKER, WeirTestBroker.class);
		if (ClassUtils.isPresent(DETAILS, context.getClassLoader())) {
			ConnectionDetails.register(beans, broker);
		}
		// Else the application would start its own one as well.
		if (context.getEnvironment().getProperty("weir.embedded.enabled", Boolean.class, false)) {
			beans.registerBeanDefinition("weirBroker", definition(Broker.class, () -> broker.get().broker(), ""));
		}
	}

	private WeirTestBroker start() {
		return WeirTestBroker
			.start((builder) -> this.settings.forEach((type) -> BeanUtils.instantiateClass(type).accept(builder)));
	}

	static <T> RootBeanDefinition definition(Class<T> type, Supplier<T> bean, String close) {
		RootBeanDefinition definition = new RootBeanDefinition(type, bean);
		definition.setDestroyMethodName(close);
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		if (type != WeirTestBroker.class) {
			// Closed after whatever asks for this.
			definition.setDependsOn(BROKER);
		}
		return definition;
	}

}
