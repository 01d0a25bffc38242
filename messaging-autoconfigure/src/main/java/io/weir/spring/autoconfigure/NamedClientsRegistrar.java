package io.weir.spring.autoconfigure;

import java.util.Map;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

import org.jspecify.annotations.Nullable;

import io.weir.client.Consumer;
import io.weir.client.Producer;

/**
 * Defines a bean for each entry of {@code weir.producers} and {@code weir.consumers},
 * before injection points are resolved, with the entry's name and its full generic type.
 * Incomplete entries are left to the check of {@link WeirProperties}.
 */
final class NamedClientsRegistrar implements ImportBeanDefinitionRegistrar {

	private final Binder binder;

	NamedClientsRegistrar(Environment environment) {
		this.binder = Binder.get(environment);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		bind("weir.producers", NamedProducer.class).forEach(
				(name, entry) -> register(registry, "weir.producers", name, "producer", Producer.class, entry.type()));
		bind("weir.consumers", NamedConsumer.class).forEach(
				(name, entry) -> register(registry, "weir.consumers", name, "consumer", Consumer.class, entry.type()));
	}

	private <T> Map<String, T> bind(String key, Class<T> type) {
		return this.binder.bind(key, Bindable.mapOf(String.class, type)).orElse(Map.of());
	}

	private static void register(BeanDefinitionRegistry registry, String key, String name, String factoryMethod,
			Class<?> beanType, @Nullable Class<?> valueType) {
		if (valueType == null) {
			return;
		}
		if (registry.containsBeanDefinition(name)) {
			throw new BeanNameTakenException(key + "." + name, name,
					registry.getBeanDefinition(name).getResourceDescription());
		}
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(ResolvableType.forClassWithGenerics(beanType, valueType));
		definition.setFactoryBeanName(NamedClients.BEAN_NAME);
		definition.setFactoryMethodName(factoryMethod);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		definition.setDestroyMethodName("");
		definition.setResourceDescription("property " + key + "." + name);
		registry.registerBeanDefinition(name, definition);
	}

}
