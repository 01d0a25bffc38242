package io.weir.spring.autoconfigure;

import java.util.Map;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

import io.weir.client.WeirClient;
import io.weir.spring.WeirTemplate;

/**
 * Defines a client and a template for each entry of {@code weir.clients}. They are
 * injected only where their name is the qualifier, so that they are in nobody's way.
 */
final class FurtherClientsRegistrar implements ImportBeanDefinitionRegistrar {

	private final Binder binder;

	FurtherClientsRegistrar(Environment environment) {
		this.binder = Binder.get(environment);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		Map<String, ClientProperties> clients = this.binder
			.bind("weir.clients", Bindable.mapOf(String.class, ClientProperties.class))
			.orElse(Map.of());
		clients.forEach((name, client) -> {
			String bean = FurtherClients.bean(name);
			register(registry, name, bean, WeirClient.class, FurtherClients.BEAN_NAME, "client");
			register(registry, name, name + "WeirTemplate", WeirTemplate.class, WeirAutoConfiguration.CLIENTS,
					"template");
			if (client.startupFailurePolicy() == ClientProperties.StartupFailurePolicy.FAIL) {
				register(registry, name, bean + "ConnectionCheck", ConnectionCheck.class, FurtherClients.BEAN_NAME,
						"connectionCheck");
			}
		});
	}

	private static void register(BeanDefinitionRegistry registry, String name, String bean, Class<?> type,
			String factory, String factoryMethod) {
		if (registry.containsBeanDefinition(bean)) {
			throw new BeanNameTakenException(FurtherClients.key(name), bean,
					registry.getBeanDefinition(bean).getResourceDescription());
		}
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName(factory);
		definition.setFactoryMethodName(factoryMethod);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		definition.setDefaultCandidate(false);
		definition.setDestroyMethodName("");
		definition.setResourceDescription("property " + FurtherClients.key(name));
		registry.registerBeanDefinition(bean, definition);
	}

}
