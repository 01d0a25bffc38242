package io.weir.client;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.client.internal.fakes.LogCapture;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class BuilderTest {

	private static final String FINGERPRINT = "ab".repeat(32);

	static Stream<Arguments> wrongSettings() {
		WeirClientBuilder client = WeirClient.builder();
		return Stream.of(setting(() -> client.serviceUrl("localhost"), "weir://"),
				setting(() -> client.name(" "), "name must not be blank"),
				setting(() -> client.connections(0), "connections must be at least 1, was 0"),
				setting(() -> client.fingerprint("abc"), "64 hexadecimal digits"),
				setting(() -> client.token(""), "token must not be blank"),
				setting(() -> client.connectTimeout(Duration.ZERO), "connectTimeout must be from 1ms to 24d, was PT0S"),
				setting(() -> client.heartbeatInterval(Duration.ofMillis(-1)),
						"heartbeatInterval must be from 100ms to 20s, was PT-0.001S"),
				setting(() -> client.heartbeatInterval(Duration.ofMinutes(1)),
						"heartbeatInterval must be from 100ms to 20s, was PT1M"),
				setting(() -> pool(3, 2), "minSize must be from 0 to maxSize (2), was 3"),
				setting(() -> pool(0, 0), "maxSize must be from 1 to 1023, was 0"),
				setting(() -> pool(0, 1024), "maxSize must be from 1 to 1023, was 1024"));
	}

	private static Arguments setting(Runnable call, String why) {
		return arguments(call, why);
	}

	private static StreamPoolSettings pool(int min, int max) {
		return new StreamPoolSettings(min, max, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1),
				Duration.ZERO, false);
	}

	@ParameterizedTest
	@MethodSource("wrongSettings")
	void wrongSettingSaysWhatIsAllowed(Runnable call, String why) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(why);
	}

	@Test
	void insecureClientWarnsEachTimeThatItIsBuilt() {
		try (LogCapture log = new LogCapture(WeirClient.class)) {
			for (int i = 1; i <= 2; i++) {
				WeirClient.builder().name("shop").serviceUrl("weir://127.0.0.1:1").insecure().build().close();
				assertThat(log.lines()).hasSize(i)
					.allSatisfy((line) -> assertThat(line).startsWith("WARN Client 'shop' accepts any certificate"));
			}
			WeirClient.builder().serviceUrl("weir://127.0.0.1:1").fingerprint(FINGERPRINT).build().close();
			assertThat(log.lines()).hasSize(2);
		}
	}

	@Test
	void onlyOneWayToTrustIsAllowed() {
		WeirClientBuilder builder = WeirClient.builder().fingerprint(FINGERPRINT).insecure();
		assertThatExceptionOfType(WeirException.class).isThrownBy(builder::build)
			.withMessageContaining("fingerprint, insecure")
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.INVALID_CONFIGURATION);
	}

	@Test
	void clientIsBuiltWithoutABrokerAndClosedAtOnce() {
		WeirClient client = WeirClient.builder().serviceUrl("weir://localhost:9").fingerprint(FINGERPRINT).build();
		assertThat(client.serviceUrl()).isEqualTo("weir://localhost:9");
		assertThat(client.pools()).containsOnlyKeys("weir-0");
		assertThat(client.pools().get("weir-0")).isNotNull().satisfies((stats) -> {
			assertThat(stats.size()).isZero();
			assertThat(stats.max()).isEqualTo(100);
		});
		client.close();
		assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
		assertThat(client.connected().toCompletableFuture()).isCompletedExceptionally();
	}

	@Test
	void queueThatIsLongerThanABrokerCanTellDuplicatesIsRefusedByTheBuilder() {
		try (WeirClient client = WeirClient.builder().serviceUrl("weir://localhost:9").insecure().build()) {
			ProducerBuilder<String> producer = client.producer(Schema.string()).maxPending(8192);
			assertThatIllegalArgumentException().isThrownBy(() -> producer.maxPending(8193))
				.withMessage("maxPending must be from 1 to 8192, was 8193");
			assertThatIllegalArgumentException().isThrownBy(() -> producer.maxPending(0))
				.withMessage("maxPending must be from 1 to 8192, was 0");
		}
	}

	@Test
	void producersAndConsumersSayWhatTheyNeed() {
		try (WeirClient client = WeirClient.builder().serviceUrl("weir://localhost:9").insecure().build()) {
			ProducerBuilder<String> producer = client.producer(Schema.string());
			ConsumerBuilder<String> consumer = client.consumer(Schema.string());
			assertThatIllegalArgumentException().isThrownBy(() -> producer.topic("a b"));
			assertThatIllegalArgumentException().isThrownBy(() -> producer.lanes(0));
			assertThatIllegalArgumentException().isThrownBy(() -> producer.sendTimeout(Duration.ZERO));
			assertThatIllegalArgumentException().isThrownBy(() -> producer.batchMaxMessages(100_000));
			assertThatIllegalArgumentException().isThrownBy(() -> producer.maxPendingBytes(0))
				.withMessage("maxPendingBytes must be at least 1 byte, was 0");
			assertThatIllegalArgumentException().isThrownBy(() -> consumer.subscription(""))
				.withMessageContaining("Subscription names");
			assertThatIllegalArgumentException().isThrownBy(() -> consumer.receiverQueueSize(0));
			assertInvalid("needs a topic", producer::createAsync);
			assertInvalid("needs a topic and a subscription", consumer.topic("t")::subscribeAsync);
			assertInvalid("at most 100 streams",
					producer.topic("t").ordering(Ordering.KEY_ORDERED).lanes(101)::createAsync);
		}
	}

	/** The broker would be told, and the first frame could not be written. */
	@Test
	void namesThatAreTooLongToBeSentAreRefused() {
		String name = "\u00e4".repeat(513);
		String refusal = "name must have at most 1024 bytes of UTF-8, was one of 1026";
		try (WeirClient client = WeirClient.builder().serviceUrl("weir://localhost:9").insecure().build()) {
			assertThatIllegalArgumentException().isThrownBy(() -> WeirClient.builder().name(name)).withMessage(refusal);
			assertThatIllegalArgumentException().isThrownBy(() -> client.producer(Schema.string()).name(name))
				.withMessage(refusal);
			assertThatIllegalArgumentException().isThrownBy(() -> client.consumer(Schema.string()).name(name))
				.withMessage(refusal);
			assertThatIllegalArgumentException().isThrownBy(() -> client.reader(Schema.string()).name(name))
				.withMessage(refusal);
		}
	}

	@Test
	void buildersWithoutAClientCheckAndCreateNothing() {
		ProducerBuilder<byte[]> producer = ProducerBuilder.unattached().topic("t");
		assertThatIllegalArgumentException().isThrownBy(() -> producer.lanes(0));
		assertThatIllegalStateException().isThrownBy(producer::create).withMessageContaining("no client");
		assertThatIllegalStateException().isThrownBy(producer::createLazily).withMessageContaining("no client");
		ConsumerBuilder<byte[]> consumer = ConsumerBuilder.unattached().topic("t").subscription("s");
		assertThatIllegalArgumentException().isThrownBy(() -> consumer.receiverQueueSize(0));
		assertThatIllegalStateException().isThrownBy(consumer::subscribe).withMessageContaining("no client");
		assertThatIllegalStateException().isThrownBy(consumer::subscribeInBackground)
			.withMessageContaining("no client");
	}

	private static void assertInvalid(String why, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		assertThatExceptionOfType(WeirException.class).isThrownBy(call)
			.withMessageContaining(why)
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.INVALID_CONFIGURATION);
	}

}
