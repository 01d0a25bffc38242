package io.weir.spring.listener;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;

import io.weir.client.ConsumerBuilder;
import io.weir.client.WeirClient;
import io.weir.message.Schema;
import io.weir.spring.ReaderCustomizer;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.observation.WeirObservations;

/**
 * Makes containers whose consumers come from the factories of the application's clients.
 */
public final class DefaultWeirListenerContainerFactory
		implements WeirListenerContainerFactory, ApplicationEventPublisherAware {

	private final Function<WeirListenerEndpoint, WeirConsumerFactory> consumers;

	private final @Nullable WeirClients clients;

	private final ListenerDefaults defaults;

	private final WeirErrorHandler errorHandler;

	private final WeirObservations observations;

	private final boolean virtualThreads;

	private volatile List<WeirListenerInterceptor> interceptors = List.of();

	private volatile ListenerEvents events = ListenerEvents.NONE;

	/**
	 * Creates a factory whose consumers are those of the client that a listener names, or
	 * of the default one.
	 * @param clients make the consumers
	 * @param defaults what holds for listeners that do not say otherwise
	 * @param errorHandler decides for listeners that have none of their own
	 * @param observations what observes the listeners
	 * @param virtualThreads whether listeners run on virtual threads
	 */
	public DefaultWeirListenerContainerFactory(WeirClients clients, ListenerDefaults defaults,
			WeirErrorHandler errorHandler, WeirObservations observations, boolean virtualThreads) {
		this(of(clients), clients, defaults, errorHandler, observations, virtualThreads);
	}

	/**
	 * Creates a factory for listeners that name no client and have a subscription.
	 * @param consumers makes the consumers of all of them
	 * @param defaults what holds for listeners that do not say otherwise
	 * @param errorHandler decides for listeners that have none of their own
	 * @param observations what observes the listeners
	 * @param virtualThreads whether listeners run on virtual threads
	 */
	public DefaultWeirListenerContainerFactory(WeirConsumerFactory consumers, ListenerDefaults defaults,
			WeirErrorHandler errorHandler, WeirObservations observations, boolean virtualThreads) {
		this(only(consumers), null, defaults, errorHandler, observations, virtualThreads);
	}

	private DefaultWeirListenerContainerFactory(Function<WeirListenerEndpoint, WeirConsumerFactory> consumers,
			@Nullable WeirClients clients, ListenerDefaults defaults, WeirErrorHandler errorHandler,
			WeirObservations observations, boolean virtualThreads) {
		this.consumers = consumers;
		this.clients = clients;
		this.defaults = Objects.requireNonNull(defaults, "defaults");
		this.errorHandler = Objects.requireNonNull(errorHandler, "errorHandler");
		this.observations = Objects.requireNonNull(observations, "observations");
		this.virtualThreads = virtualThreads;
	}

	private static Function<WeirListenerEndpoint, WeirConsumerFactory> of(WeirClients clients) {
		Objects.requireNonNull(clients, "clients");
		return (endpoint) -> clients.consumerFactory(endpoint.client());
	}

	private static Function<WeirListenerEndpoint, WeirConsumerFactory> only(WeirConsumerFactory consumers) {
		Objects.requireNonNull(consumers, "consumers");
		return (endpoint) -> {
			if (endpoint.client() != null) {
				throw new IllegalStateException("Listener '" + endpoint.id() + "' names the client '"
						+ endpoint.client() + "', but its container factory knows of none by name");
			}
			return consumers;
		};
	}

	/**
	 * Sets who is told of what listeners are given.
	 * @param interceptors for containers that are made from now on, in this order
	 */
	public void setInterceptors(List<WeirListenerInterceptor> interceptors) {
		this.interceptors = List.copyOf(Objects.requireNonNull(interceptors, "interceptors"));
	}

	/**
	 * Sets who is told of {@link WeirListenerEvent}s; the application context does, if
	 * this is one of its beans.
	 * @param publisher is told of those of containers that are made from now on
	 */
	@Override
	public void setApplicationEventPublisher(ApplicationEventPublisher publisher) {
		this.events = new ListenerEvents(Objects.requireNonNull(publisher, "publisher"));
	}

	@Override
	public WeirListenerContainer createContainer(WeirListenerEndpoint endpoint) {
		List<WeirListenerInterceptor> told = this.interceptors;
		WeirMessageListener listener = told.isEmpty() ? endpoint.listener()
				: new InterceptedListener(endpoint.id(), endpoint.listener(), told);
		ContainerSettings settings = ContainerSettings.of(endpoint, this.defaults, this.errorHandler, listener,
				this.events);
		return new WeirListenerContainer(settings, sources(endpoint, settings), this.observations, this.virtualThreads);
	}

	/** What makes the source of each topic. What cannot be made is to fail now. */
	private Function<String, CompletableFuture<MessageSource>> sources(WeirListenerEndpoint endpoint,
			ContainerSettings settings) {
		ReaderCustomizer reader = endpoint.reader();
		if (reader != null) {
			ReaderSources sources = new ReaderSources(client(endpoint), settings, endpoint.initialPosition(), reader);
			settings.topics().forEach((topic) -> check("reader", endpoint, topic, sources::builder));
			return sources;
		}
		WeirConsumerFactory consumers = this.consumers.apply(endpoint);
		settings.topics()
			.forEach((topic) -> check("consumer", endpoint, topic,
					(each) -> builder(consumers, endpoint, settings, each)));
		return (topic) -> MessageSource.of(builder(consumers, endpoint, settings, topic).subscribeAsync(),
				SubscribedSource::new);
	}

	private WeirClient client(WeirListenerEndpoint endpoint) {
		WeirClients known = this.clients;
		if (known == null) {
			throw new IllegalStateException("Reader '" + endpoint.id()
					+ "' needs a client, and its container factory knows of none, as it was made of a WeirConsumerFactory"
					+ " and not of WeirClients");
		}
		return (endpoint.client() != null) ? known.client(endpoint.client()) : known.defaultClient();
	}

	/** What cannot be configured is to fail now, not when it subscribes. */
	private static void check(String what, WeirListenerEndpoint endpoint, String topic, Consumer<String> maker) {
		try {
			maker.accept(topic);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("The " + what + " of listener '" + endpoint.id() + "' on topic '" + topic
					+ "' cannot be configured: " + ex.getMessage(), ex);
		}
	}

	private static ConsumerBuilder<byte[]> builder(WeirConsumerFactory consumers, WeirListenerEndpoint endpoint,
			ContainerSettings settings, String topic) {
		String subscription = Objects.requireNonNull(endpoint.subscription(), "subscription");
		return consumers.builder(topic, subscription, Schema.bytes(), (name, builder) -> {
			builder.subscriptionType(settings.subscriptionType())
				.initialPosition(endpoint.initialPosition())
				.receiverQueueSize(settings.receiverQueueSize());
			settings.consumer().configure(builder, name);
			endpoint.customizer().customize(name, builder);
		});
	}

}
