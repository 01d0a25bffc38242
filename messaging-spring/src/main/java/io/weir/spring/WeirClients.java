package io.weir.spring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.function.SingletonSupplier;

import io.weir.client.WeirClient;

/**
 * The clients of an application that talks to several brokers, and what it uses them by.
 * One is the default, which is injected where nobody asks for another one; the others
 * have the names of their beans, without {@code WeirClient} at the end if there is more
 * before that: <pre>{@code
 * WeirTemplate reports = clients.template("reports");
 * }</pre> Safe to use from any thread.
 */
public final class WeirClients {

	/** What the name of a client's bean may end with. */
	public static final String BEAN_SUFFIX = "WeirClient";

	private final WeirClient defaultClient;

	private final Factory factory;

	private final ListableBeanFactory beans;

	/** Asked for late, since clients may be made of what needs this. */
	private final Supplier<Map<String, WeirClient>> further;

	private final Map<String, WeirProducerFactory> producers = new ConcurrentHashMap<>();

	private final Map<String, WeirConsumerFactory> consumers = new ConcurrentHashMap<>();

	private final Map<String, WeirTemplate> templates = new ConcurrentHashMap<>();

	/**
	 * Finds the clients among the beans of an application.
	 * @param defaultClient the one that is injected where nobody asks for another one
	 * @param beans have the others, and what the default one is used by
	 * @param factory makes what the others are used by
	 */
	public WeirClients(WeirClient defaultClient, ListableBeanFactory beans, Factory factory) {
		this.defaultClient = Objects.requireNonNull(defaultClient, "defaultClient");
		this.factory = Objects.requireNonNull(factory, "factory");
		this.beans = Objects.requireNonNull(beans, "beans");
		this.further = SingletonSupplier.of(() -> further(defaultClient, beans));
	}

	private static Map<String, WeirClient> further(WeirClient defaultClient, ListableBeanFactory beans) {
		Map<String, WeirClient> further = new TreeMap<>();
		beans.getBeansOfType(WeirClient.class).forEach((bean, client) -> {
			if (client != defaultClient && further.putIfAbsent(name(bean), client) != null) {
				throw new IllegalStateException("There are two clients with the name '" + name(bean)
						+ "', of the beans '" + name(bean) + "' and '" + name(bean) + BEAN_SUFFIX + "'");
			}
		});
		return Collections.unmodifiableMap(further);
	}

	private static String name(String bean) {
		boolean suffixed = bean.endsWith(BEAN_SUFFIX) && bean.length() > BEAN_SUFFIX.length();
		return suffixed ? bean.substring(0, bean.length() - BEAN_SUFFIX.length()) : bean;
	}

	/**
	 * The client that is injected where nobody asks for another one.
	 * @return the client
	 */
	public WeirClient defaultClient() {
		return this.defaultClient;
	}

	/**
	 * The other clients.
	 * @return clients in the order of their names, unmodifiable; empty if there is but
	 * one client
	 */
	public Map<String, WeirClient> further() {
		return this.further.get();
	}

	/**
	 * All clients.
	 * @return the default one first
	 */
	public Collection<WeirClient> all() {
		List<WeirClient> all = new ArrayList<>();
		all.add(this.defaultClient);
		all.addAll(further().values());
		return all;
	}

	/**
	 * One of the other clients.
	 * @param name its name
	 * @return the client
	 * @throws IllegalArgumentException if there is none of this name, with those that
	 * there are
	 */
	public WeirClient client(String name) {
		Objects.requireNonNull(name, "name");
		WeirClient client = further().get(name);
		if (client == null) {
			throw new IllegalArgumentException("There is no client '" + name + "'; there are " + further().keySet());
		}
		return client;
	}

	/**
	 * Makes producers of one of the clients.
	 * @param name the client's name; {@code null} for the default one, whose factory is
	 * the application's bean
	 * @return always the same one; has nothing to close
	 * @throws IllegalArgumentException if there is no client of this name
	 */
	public WeirProducerFactory producerFactory(@Nullable String name) {
		if (name == null) {
			return this.beans.getBean(WeirProducerFactory.class);
		}
		WeirClient client = client(name);
		return this.producers.computeIfAbsent(name, (key) -> this.factory.producerFactory(key, client));
	}

	/**
	 * Makes consumers of one of the clients.
	 * @param name the client's name; {@code null} for the default one, whose factory is
	 * the application's bean
	 * @return always the same one; has nothing to close
	 * @throws IllegalArgumentException if there is no client of this name
	 */
	public WeirConsumerFactory consumerFactory(@Nullable String name) {
		if (name == null) {
			return this.beans.getBean(WeirConsumerFactory.class);
		}
		WeirClient client = client(name);
		return this.consumers.computeIfAbsent(name, (key) -> this.factory.consumerFactory(key, client));
	}

	/**
	 * Publishes by one of the other clients.
	 * @param name the client's name
	 * @return always the same one, which is closed with its client
	 * @throws IllegalArgumentException if there is no client of this name
	 */
	public WeirTemplate template(String name) {
		WeirClient client = client(name);
		WeirProducerFactory ofClient = producerFactory(name);
		return this.templates.computeIfAbsent(name, (key) -> this.factory.template(key, client, ofClient));
	}

	/** Makes what a client is used by. Is called by any thread. */
	public interface Factory {

		/**
		 * Makes producers.
		 * @param name the client's name
		 * @param client the client
		 * @return a factory that has nothing to close
		 */
		WeirProducerFactory producerFactory(String name, WeirClient client);

		/**
		 * Makes consumers.
		 * @param name the client's name
		 * @param client the client
		 * @return a factory that has nothing to close
		 */
		WeirConsumerFactory consumerFactory(String name, WeirClient client);

		/**
		 * Makes a template.
		 * @param name the client's name
		 * @param client the client, with which the template is closed
		 * @param producers of the client
		 * @return the template
		 */
		WeirTemplate template(String name, WeirClient client, WeirProducerFactory producers);

	}

}
