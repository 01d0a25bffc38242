package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

import io.weir.client.ConnectionListener;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;

/**
 * Makes clients as the auto-configured one is made, with the beans of the application
 * that listen to and customize clients. A bean of this type is there for applications
 * that make further clients in code:
 *
 * <pre class="code">
 * &#064;Bean(defaultCandidate = false)
 * WeirClient reports(WeirClientFactory clients) {
 *     return clients.createClient("reports", () -&gt; "weir://reports.example.com");
 * }
 * </pre>
 *
 * Without {@code defaultCandidate = false}, such a client would take the place of the
 * auto-configured one. Listeners, and entries of {@code weir.producers} and
 * {@code weir.consumers}, name it as those of {@code weir.clients}; see
 * {@link io.weir.spring.WeirClients}. Safe for use by several threads.
 */
public final class WeirClientFactory {

	private final WeirProperties properties;

	private final String application;

	private final ObjectProvider<ConnectionListener> listeners;

	private final ObjectProvider<WeirClientCustomizer> customizers;

	private final ListableBeanFactory beans;

	WeirClientFactory(WeirProperties properties, Environment environment, ObjectProvider<ConnectionListener> listeners,
			ObjectProvider<WeirClientCustomizer> customizers, ListableBeanFactory beans) {
		this.properties = properties;
		this.application = environment.getProperty("spring.application.name", "weir-client");
		this.listeners = listeners;
		this.customizers = customizers;
		this.beans = beans;
	}

	/**
	 * Makes a further client, with the settings of {@code weir.client} but for what the
	 * connection details say. It begins to connect in the background.
	 * @param name what the client is known by, beside the application's name: to the
	 * broker, and as the beginning of the names of its pools
	 * @param details where its broker is and how to be let in
	 * @return the client, which the caller must close; as a bean it is closed by Spring
	 * @throws io.weir.client.WeirException {@code INVALID_CONFIGURATION} naming what is
	 * wrong
	 */
	public WeirClient createClient(String name, WeirConnectionDetails details) {
		Assert.hasText(name, "'name' must not be empty");
		Assert.notNull(details, "'details' must not be null");
		return create(name, "weir.client", this.properties.client(), details);
	}

	/** The default client, of {@code weir.client}. */
	WeirClient createDefault(WeirConnectionDetails details) {
		return create(null, "weir.client", this.properties.client(), details);
	}

	/** A client of {@code weir.clients}. */
	WeirClient createNamed(String name, ClientProperties client, WeirConnectionDetails details) {
		return create(name, FurtherClients.key(name), client, details);
	}

	/** The default client has no name. */
	private WeirClient create(@Nullable String name, String key, ClientProperties client,
			WeirConnectionDetails details) {
		WeirClientBuilder builder = WeirClient.builder();
		if (name != null) {
			builder.poolNamePrefix(name);
		}
		String callbackExecutor = client.callbackExecutor();
		if (callbackExecutor != null) {
			builder.callbackExecutor(executor(key + ".callback-executor", callbackExecutor));
		}
		return new ClientFactory(client, details).create(builder,
				(name != null) ? this.application + "-" + name : this.application,
				this.listeners.orderedStream().toList(), ClientParts.of(name, this.customizers));
	}

	private Executor executor(String key, String name) {
		List<String> names = List.of(this.beans.getBeanNamesForType(Executor.class, false, false));
		if (!names.contains(name)) {
			throw new InvalidConfigurationPropertyValueException(key, name,
					"There is no Executor bean of this name; there are " + names + ".");
		}
		return this.beans.getBean(name, Executor.class);
	}

}
