package io.weir.client;

import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.broker.Broker;
import io.weir.fixtures.api.ArgumentCall;
import io.weir.fixtures.api.PublicTypes;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.pool.Pool;
import io.weir.pool.PoolBuilder;
import io.weir.pool.ResourceLifecycle;
import io.weir.transport.TransportOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Everything in the API that takes a duration follows the rule of
 * {@link io.weir.time.DurationRange}.
 */
class DurationSettingsTest {

	private static final WeirClient CLIENT = WeirClient.builder().serviceUrl("weir://127.0.0.1:1").build();

	/** What configures, and how to get one. A new one belongs here. */
	private static final Map<Class<?>, Supplier<?>> CONFIGURING = Map.of(WeirClientBuilder.class, WeirClient::builder,
			ProducerBuilder.class, () -> CLIENT.producer(Schema.string()), ConsumerBuilder.class,
			() -> CLIENT.consumer(Schema.string()), StreamPoolSettings.class, () -> StreamPoolSettings.DEFAULTS,
			PoolBuilder.class, () -> Pool.builder(new Nothing()), TransportOptions.class,
			() -> TransportOptions.DEFAULTS);

	/** Where a call says how long to wait. What it means has a test of its own. */
	private static final Set<String> WAITING = Set.of("Consumer.receive(timeout)", "Consumer.batchReceive(timeout)",
			"Consumer.negativeAcknowledge(delay)", "Consumer.deadLetter(delay)", "MessageBuilder.deliverAfter(delay)",
			"MessageBuilder.expiresAfter(time)", "Reader.read(timeout)", "Pool.borrow(timeout)",
			"Pool.closeAsync(grace)");

	private static final List<Duration> NEVER_ALLOWED = List.of(Duration.ofSeconds(Long.MIN_VALUE),
			Duration.ofNanos(-1), Duration.ofDays(365).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));

	private static final List<Duration> PERHAPS_ALLOWED = List.of(Duration.ZERO, Duration.ofNanos(1),
			Duration.ofMillis(1), Duration.ofSeconds(1), Duration.ofDays(25), Duration.ofDays(365));

	@AfterAll
	static void close() {
		CLIENT.close();
	}

	private static Stream<Class<?>> api() {
		return Stream.of(WeirClient.class, Pool.class, Message.class, Broker.class)
			.flatMap((each) -> PublicTypes.beside(each).stream());
	}

	static List<ArgumentCall> settings() {
		return Stream.concat(api(), Stream.of(TransportOptions.class)).flatMap((type) -> {
			Supplier<?> instance = CONFIGURING.get(type);
			return ArgumentCall.of(type, (instance != null) ? instance.get() : null, DurationSettingsTest::isDuration)
				.stream();
		}).toList();
	}

	private static boolean isDuration(Parameter parameter) {
		return parameter.getType() == Duration.class;
	}

	@Test
	void everyMethodThatTakesADurationIsKnownHere() {
		List<String> others = api().filter((type) -> !CONFIGURING.containsKey(type))
			.flatMap((type) -> Arrays.stream(type.getMethods()))
			.filter((method) -> !Modifier.isStatic(method.getModifiers()))
			.flatMap((method) -> Arrays.stream(method.getParameters())
				.filter(DurationSettingsTest::isDuration)
				.map((parameter) -> method.getDeclaringClass().getSimpleName() + "." + method.getName() + "("
						+ parameter.getName() + ")"))
			.distinct()
			.toList();
		assertThat(others).containsExactlyInAnyOrderElementsOf(WAITING);
		assertThat(settings()).extracting(ArgumentCall::toString)
			.contains("WeirClientBuilder.connectTimeout(timeout)", "new StreamPoolSettings(borrowTimeout)",
					"RedeliveryBackoff.exponential(max)", "PoolBuilder.lifecycleTimeout(lifecycleTimeout)",
					"new TransportOptions(idleTimeout)");
	}

	@ParameterizedTest
	@MethodSource("settings")
	void durationThatNothingCanHoldIsRefusedByNameWithWhatIsAllowed(ArgumentCall setting) {
		for (Duration value : NEVER_ALLOWED) {
			assertThat(catchThrowable(() -> setting.with(value))).isInstanceOf(IllegalArgumentException.class)
				.hasMessageMatching(Pattern.quote(nameOf(setting)) + " must be from \\w+ to \\w+, was " + value);
		}
	}

	@ParameterizedTest
	@MethodSource("settings")
	void durationAtALimitIsTakenOrRefusedByName(ArgumentCall setting) {
		int taken = 0;
		for (Duration value : PERHAPS_ALLOWED) {
			Throwable refused = catchThrowable(() -> setting.with(value));
			if (refused != null) {
				assertThat(refused).isInstanceOf(IllegalArgumentException.class)
					.hasMessageMatching(".+ must .+, was PT.+");
			}
			else {
				taken++;
			}
		}
		assertThat(taken).as("%s takes one of %s", setting, PERHAPS_ALLOWED).isPositive();
	}

	/** It would have been cut silently. */
	@Test
	void connectTimeoutThatNettyCannotHoldIsRefused() {
		Duration tooLong = Duration.ofDays(24).plusNanos(1);
		String refusal = "connectTimeout must be from 1ms to 24d, was " + tooLong;
		assertThat(catchThrowable(() -> WeirClient.builder().connectTimeout(tooLong))).hasMessage(refusal);
		assertThat(catchThrowable(() -> TransportOptions.DEFAULTS.withConnectTimeout(tooLong))).hasMessage(refusal);
	}

	/** Builders call a setting as the method is called. */
	private static String nameOf(ArgumentCall setting) {
		boolean builder = setting.executable().getDeclaringClass().getSimpleName().endsWith("Builder")
				|| setting.executable().getName().startsWith("with");
		String name = setting.executable().getName().replaceFirst("^with", "");
		return builder ? Character.toLowerCase(name.charAt(0)) + name.substring(1) : setting.name();
	}

	private static final class Nothing implements ResourceLifecycle<String> {

		@Override
		public CompletionStage<String> create() {
			return CompletableFuture.completedStage("nothing");
		}

	}

}
