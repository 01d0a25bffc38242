package io.weir.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.StaticListableBeanFactory;

import io.weir.fixtures.api.ArgumentCall;
import io.weir.fixtures.api.PublicTypes;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.AfterListener;
import io.weir.spring.listener.ConsumerSettings;
import io.weir.spring.listener.DefaultWeirListenerContainerFactory;
import io.weir.spring.listener.IncomingHeaders;
import io.weir.spring.listener.ListenerCustomizer;
import io.weir.spring.listener.ListenerDefaults;
import io.weir.spring.listener.ListenerStatus;
import io.weir.spring.listener.ListenerTopicStats;
import io.weir.spring.listener.NonRetryableFailures;
import io.weir.spring.listener.RedeliveringErrorHandler;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerAnnotationBeanPostProcessor;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerEndpoint;
import io.weir.spring.listener.WeirListenerEndpointBuilder;
import io.weir.spring.listener.WeirListenerEvent;
import io.weir.spring.listener.WeirListenerInterceptor;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.listener.WeirListenerRegistryListener;
import io.weir.spring.listener.WeirMessageFilter;
import io.weir.spring.listener.WeirMessageListener;
import io.weir.spring.observation.ObservedProducer;
import io.weir.spring.observation.WeirListenerObservationConvention;
import io.weir.spring.observation.WeirObservations;
import io.weir.spring.observation.WeirSendObservationConvention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Where a value is needed, {@code null} is refused at once and by name. */
class NullArgumentsTests {

	private static final FakeWeirClient CLIENT = new FakeWeirClient();

	/** What applications call. */
	private static final Map<Class<?>, Object> API = api(WeirTemplate.class,
			new WeirTemplate(new DefaultWeirProducerFactory(CLIENT), new WeirSchemas(new JsonMapper())),
			WeirSchemas.class, new WeirSchemas(new JsonMapper()), DefaultWeirProducerFactory.class,
			new DefaultWeirProducerFactory(CLIENT), DefaultWeirConsumerFactory.class,
			new DefaultWeirConsumerFactory(CLIENT), WeirListenerRegistry.class, new WeirListenerRegistry(),
			ListenerDefaults.class, ListenerDefaults.DEFAULTS, RedeliveringErrorHandler.class,
			new RedeliveringErrorHandler(Duration.ofSeconds(1), Duration.ofSeconds(2)),
			DefaultWeirListenerContainerFactory.class,
			new DefaultWeirListenerContainerFactory(new DefaultWeirConsumerFactory(CLIENT), ListenerDefaults.DEFAULTS,
					new RedeliveringErrorHandler(), WeirObservations.NOOP, false),
			WeirListenerEndpointBuilder.class, WeirListenerEndpoint.builder("id"), WeirErrorHandler.Decision.class,
			WeirErrorHandler.Decision.discard(), WeirListenerEndpoint.class,
			WeirListenerEndpoint.builder("id").topics("t").listener((message, acknowledgement) -> null).build(),
			ConsumerSettings.class, ConsumerSettings.NONE);

	static {
		API.put(ProducerCacheSettings.class, ProducerCacheSettings.DEFAULTS);
		API.put(WeirTemplateBuilder.class,
				WeirTemplate.builder(new DefaultWeirProducerFactory(CLIENT), new WeirSchemas(new JsonMapper())));
		API.put(WeirClients.class, new WeirClients(CLIENT, new StaticListableBeanFactory(),
				new WeirConfiguration.PlainClients(new WeirSchemas(new JsonMapper()))));
		API.put(MessageTypes.class, new MessageTypes());
		API.put(NonRetryableFailures.class, NonRetryableFailures.DEFAULTS);
		API.put(WeirErrorHandler.RetryInPlace.class, WeirErrorHandler.Decision.retryInPlace(1, Duration.ZERO));
		API.put(MessageTypeFilter.class, MessageTypeFilter.ALL);
	}

	/**
	 * What only Weir calls or makes, since applications implement it, or name it only;
	 * and what passes everything on to the client as it is.
	 */
	private static final Set<Class<?>> NOT_CALLED = Set.of(SchemaResolver.class, IdentifiedSchema.class,
			WeirClients.Factory.class, WeirOperations.class, WeirProducerFactory.class, WeirConsumerFactory.class,
			ReaderCustomizer.class, ConsumerCustomizer.class, ProducerCustomizer.class, ClientSpecific.class,
			ProducerInterceptor.class, OutgoingMessage.class, AfterListener.class, WeirObservations.class,
			ObservedProducer.class, WeirListenerObservationConvention.class, WeirSendObservationConvention.class,
			WeirListenerAnnotationBeanPostProcessor.class, WeirListenerContainer.class,
			WeirListenerContainerFactory.class, WeirErrorHandler.class, WeirErrorHandler.Redeliver.class,
			WeirMessageListener.class, WeirMessageFilter.class, WeirListenerInterceptor.class, ListenerCustomizer.class,
			WeirListenerEvent.Started.class, WeirListenerEvent.Subscribed.class, WeirListenerEvent.ConsumerLost.class,
			WeirListenerEvent.Failed.class, WeirListenerEvent.Idle.class, WeirListenerEvent.DeadLettered.class,
			WeirListenerEvent.Stopped.class, ListenerStatus.class, ListenerTopicStats.class,
			WeirListenerRegistryListener.class, IncomingHeaders.class,
			// For Kotlin, which lets nobody say null there.
			WeirExtensions.class);

	/** A type, one of it, and so on. */
	private static Map<Class<?>, Object> api(Object... typesAndValues) {
		Map<Class<?>, Object> api = new LinkedHashMap<>();
		for (int i = 0; i < typesAndValues.length; i += 2) {
			api.put((Class<?>) typesAndValues[i], typesAndValues[i + 1]);
		}
		return api;
	}

	static List<ArgumentCall> calls() {
		return API.entrySet()
			.stream()
			.flatMap((each) -> ArgumentCall.of(each.getKey(), each.getValue(), ArgumentCall::isNeeded).stream())
			.filter((call) -> !call.executable().getName().equals("handle"))
			.toList();
	}

	@Test
	void everyTypeOfTheApiIsKnownHere() {
		assertThat(Stream.of(WeirTemplate.class, WeirListenerRegistry.class, WeirObservations.class)
			.flatMap((each) -> PublicTypes.beside(each).stream())
			.filter((type) -> !type.isEnum() && !Throwable.class.isAssignableFrom(type))
			.filter((type) -> !ArgumentCall.of(type, type, ArgumentCall::isNeeded).isEmpty())
			.filter((type) -> !API.containsKey(type) && !NOT_CALLED.contains(type))).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("calls")
	void nullIsRefusedByName(ArgumentCall call) {
		assertThat(catchThrowable(() -> call.with(null))).as("%s", call)
			.isInstanceOfAny(NullPointerException.class, IllegalArgumentException.class)
			.satisfies((refusal) -> assertThat(refusal.getMessage()).containsPattern("\\b" + call.name() + "\\b"));
	}

}
