package io.weir.client;

import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.broker.BrokerLimits;
import io.weir.broker.BrokerStats;
import io.weir.broker.DamageAdministration;
import io.weir.broker.StorageStats;
import io.weir.broker.TopicAdministration;
import io.weir.broker.TopicDescription;
import io.weir.broker.TopicStats;
import io.weir.fixtures.api.ArgumentCall;
import io.weir.fixtures.api.PublicTypes;
import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.JsonSchemaFactory;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Redelivery;
import io.weir.message.Schema;
import io.weir.message.Topic;
import io.weir.message.TopicPattern;
import io.weir.pool.DurationHistogram;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolBuilder;
import io.weir.pool.PoolListener;
import io.weir.pool.PoolStats;
import io.weir.pool.ResourceLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Where a value is needed, {@code null} is refused at once and by name. */
class NullArgumentsTest {

	private static final Broker BROKER = Broker.builder().port(0).build().start();

	private static final WeirClient CLIENT = ClientFixture.client(BROKER).build();

	private static final Producer<String> PRODUCER = CLIENT.producer(Schema.string()).topic("t").create();

	private static final Consumer<String> CONSUMER = CLIENT.consumer(Schema.string())
		.topic("t")
		.subscription("s")
		.subscribe();

	private static final Reader<String> READER = CLIENT.reader(Schema.string())
		.topic("t")
		.startAt(InitialPosition.EARLIEST)
		.create();

	private static final Table<String> TABLE = CLIENT.table(Schema.string(), "t");

	private static final Pool<String> POOL = Pool.builder(new Nothing()).build();

	/** What applications call, and how to get one. A new one belongs here. */
	private static final Map<Class<?>, Supplier<?>> API = Map.ofEntries(
			Map.entry(WeirClientBuilder.class, WeirClient::builder), Map.entry(WeirClient.class, () -> CLIENT),
			Map.entry(ProducerBuilder.class, () -> CLIENT.producer(Schema.string())),
			Map.entry(ConsumerBuilder.class, () -> CLIENT.consumer(Schema.string())),
			Map.entry(ReaderBuilder.class, () -> CLIENT.reader(Schema.string())),
			Map.entry(Producer.class, () -> PRODUCER), Map.entry(Consumer.class, () -> CONSUMER),
			Map.entry(Reader.class, () -> READER), Map.entry(Table.class, () -> TABLE),
			Map.entry(MessageBuilder.class, () -> PRODUCER.message("value")),
			Map.entry(StreamPoolSettings.class, () -> StreamPoolSettings.DEFAULTS),
			Map.entry(RedeliveryBackoff.class,
					() -> RedeliveryBackoff.exponential(Duration.ofSeconds(1), 2, Duration.ofSeconds(1))),
			Map.entry(DeadLetterPolicy.class, () -> new DeadLetterPolicy(1, "dead")),
			Map.entry(BrokerBuilder.class, Broker::builder), Map.entry(Broker.class, () -> BROKER),
			Map.entry(DamageAdministration.class, () -> BROKER), Map.entry(TopicAdministration.class, () -> BROKER),
			Map.entry(BrokerLimits.class, BrokerLimits::defaults), Map.entry(Pool.class, () -> POOL),
			Map.entry(PoolBuilder.class, () -> Pool.builder(new Nothing())), Map.entry(Headers.class, Headers::empty),
			Map.entry(TopicPattern.class, () -> new TopicPattern("t*")), Map.entry(Topic.class, () -> new Topic("t")),
			Map.entry(MessageId.class, () -> MessageId.parse("0:0:0:0")));

	/**
	 * What only Weir calls, as applications implement it, or only Weir makes; and the
	 * built-in schemas, whose values are for them to say.
	 */
	private static final Set<Class<?>> NOT_CALLED = Set.of(ConnectionListener.class, ConnectionInfo.class,
			JsonSchemas.class, MessageListener.class, TableListener.class, Message.class, Schema.class,
			JsonSchemaFactory.class, DeadLetterOrigin.class, DeadLetterCause.class, MessageIds.class, Redelivery.class,
			PoolListener.class, ResourceLifecycle.class, Lease.class, DurationHistogram.class, PoolStats.class,
			BrokerStats.class, StorageStats.class, TopicStats.class, TopicStats.ConsumerStats.class,
			TopicStats.ProducerStats.class, TopicStats.ParkedStats.class, TopicStats.RedeliveryStats.class,
			TopicStats.SubscriptionStats.class, TopicDescription.class, TopicDescription.SubscriptionDescription.class,
			TopicDescription.KeptMessages.class, TopicDescription.KeptMessage.class);

	@AfterAll
	static void close() {
		POOL.close();
		CLIENT.close();
		BROKER.close();
	}

	static List<ArgumentCall> calls() {
		return API.entrySet()
			.stream()
			.flatMap((each) -> ArgumentCall.of(each.getKey(), each.getValue().get(), NullArgumentsTest::isNeeded)
				.stream())
			.toList();
	}

	/** Whether a value may be {@code null} is for its schema to say. */
	private static boolean isNeeded(Parameter parameter) {
		return ArgumentCall.isNeeded(parameter) && parameter.getType() != Object.class;
	}

	@Test
	void everyTypeOfTheApiIsKnownHere() {
		assertThat(Stream.of(WeirClient.class, Pool.class, Message.class, Broker.class)
			.flatMap((each) -> PublicTypes.beside(each).stream())
			.filter((type) -> !type.isEnum() && !Throwable.class.isAssignableFrom(type) && hasMethods(type))
			.filter((type) -> !API.containsKey(type) && !NOT_CALLED.contains(type))).isEmpty();
	}

	private static boolean hasMethods(Class<?> type) {
		return !ArgumentCall.of(type, type, NullArgumentsTest::isNeeded).isEmpty();
	}

	@Test
	void everythingThatApplicationsBuildIsCalled() {
		assertThat(calls()).extracting(ArgumentCall::toString)
			.contains("WeirClientBuilder.serviceUrl(serviceUrl)", "MessageBuilder.header(name)",
					"MessageBuilder.header(value)", "Consumer.acknowledge(message)", "Consumer.seek(id)");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("calls")
	void nullIsRefusedByName(ArgumentCall call) {
		assertThat(catchThrowable(() -> call.with(null))).as("%s", call)
			.isInstanceOfAny(NullPointerException.class, IllegalArgumentException.class)
			.satisfies((refusal) -> assertThat(refusal.getMessage())
				.containsPattern("\\b(" + call.name() + "|" + setting(call) + ")\\b"));
	}

	/** Builders call a setting as the method is called, which says more. */
	private static String setting(ArgumentCall call) {
		Class<?> type = call.executable().getDeclaringClass();
		return type.getSimpleName().endsWith("Builder") ? call.executable().getName() : call.name();
	}

	private static final class Nothing implements ResourceLifecycle<String> {

		@Override
		public CompletionStage<String> create() {
			return CompletableFuture.completedStage("nothing");
		}

	}

}
