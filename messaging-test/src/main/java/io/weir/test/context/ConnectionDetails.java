package io.weir.test.context;

import java.util.function.Supplier;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;

import io.weir.spring.autoconfigure.WeirConnectionDetails;
import io.weir.test.WeirTestBroker;

/**
 * Leads the auto-configured clients to the test's broker.
 *
 * @param broker the broker
 */
record ConnectionDetails(WeirTestBroker broker) implements WeirConnectionDetails {

	static void register(BeanDefinitionRegistry beans, Supplier<WeirTestBroker> broker) {
		beans.registerBeanDefinition("weirTestConnectionDetails", EmbeddedWeirContextCustomizer
			.definition(WeirConnectionDetails.class, () -> new ConnectionDetails(broker.get()), ""));
	}

	@Override
	public String getServiceUrl() {
		return this.broker.serviceUrl();
	}

	@Override
	public boolean isForAllClients() {
		return true;
	}

}
