package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.Broker;
import io.weir.fixtures.MutableClock;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Messages that are to be delivered later, with a broker whose clock is turned. */
@Timeout(60)
class DelayedMessageTest {

	private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration HOUR = Duration.ofHours(1);

	private final MutableClock clock = new MutableClock(START);

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory.broker((builder) -> builder.clock(this.clock)).start();

	private final WeirClient client = this.memory.client(this.broker).build();

	private final Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();

	@AfterEach
	void close() {
		this.client.close();
		this.broker.close();
	}

	private Consumer<String> consumer(SubscriptionType type) {
		return this.client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.subscriptionType(type)
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

	private static String next(Consumer<String> consumer) {
		Message<String> message = consumer.receive(SOON);
		assertThat(message).isNotNull();
		return message.value();
	}

	@ParameterizedTest
	@EnumSource
	void messageComesWhenItIsDueByTheBrokersClock(SubscriptionType type) {
		Consumer<String> consumer = consumer(type);
		this.producer.message("in two hours").key("k").deliverAfter(HOUR.multipliedBy(2)).send();
		this.producer.message("in an hour").key("k").deliverAt(START.plus(HOUR)).send();
		this.producer.message("now").key("k").send();
		assertThat(next(consumer)).isEqualTo("now");
		this.clock.turn(HOUR);
		assertThat(next(consumer)).isEqualTo("in an hour");
		this.clock.turn(HOUR);
		Message<String> last = consumer.receive(SOON);
		assertThat(last).isNotNull();
		assertThat(last.value()).isEqualTo("in two hours");
		assertThat(last.publishTime()).isEqualTo(START.plus(HOUR).plus(HOUR));
	}

	@Test
	void messagesThatAreSentTogetherEachComeAtTheirTime() {
		Consumer<String> consumer = consumer(SubscriptionType.EXCLUSIVE);
		IntStream.range(0, 100)
			.mapToObj((i) -> this.producer.message("m" + i).deliverAfter(Duration.ofMinutes(100 - i % 50)).sendAsync())
			.toList()
			.forEach((sent) -> assertThat(sent).succeedsWithin(SOON));
		this.clock.turn(Duration.ofMinutes(100));
		List<String> expected = IntStream.range(0, 50)
			.boxed()
			.flatMap((i) -> List.of("m" + (49 - i), "m" + (99 - i)).stream())
			.toList();
		assertThat(consumer.batchReceive(100, SOON)).extracting(Message::value).isEqualTo(expected);
	}

	@Test
	void timeThatHasPassedMeansAtOnce() {
		Consumer<String> consumer = consumer(SubscriptionType.SHARED);
		for (MessageBuilder<String> message : List.of(
				this.producer.message("yesterday").deliverAt(START.minus(Duration.ofDays(1))),
				this.producer.message("long ago").deliverAt(Instant.MIN),
				this.producer.message("now").deliverAfter(Duration.ZERO),
				this.producer.message("before").deliverAfter(Duration.ofSeconds(Long.MIN_VALUE)))) {
			message.send();
			next(consumer);
		}
	}

	@Test
	void timeThatIsTooFarAheadIsRefusedWithTheLimit() {
		for (MessageBuilder<String> message : List.of(
				this.producer.message("m").deliverAt(START.plus(Duration.ofDays(366))),
				this.producer.message("m").deliverAt(Instant.MAX),
				this.producer.message("m").deliverAfter(Duration.ofSeconds(Long.MAX_VALUE)))) {
			assertThatExceptionOfType(WeirException.class).isThrownBy(message::send)
				.withMessageContaining("weir.broker.limits.message-delay")
				.withMessageContaining("8760H")
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.INVALID_REQUEST);
		}
		assertThat(this.producer.send("the producer goes on")).isNotNull();
	}

	@Test
	void messageThatIsTakenBackDoesNotComeAndOneThatHasComeIsNotTakenBack() throws Exception {
		Consumer<String> consumer = consumer(SubscriptionType.SHARED);
		MessageId first = this.producer.message("first").deliverAfter(HOUR).send();
		MessageId second = this.producer.message("second").deliverAfter(HOUR).send();
		assertThat(this.producer.cancelDelayed(MessageId.parse(first.toString()))).isTrue();
		assertThat(this.producer.cancelDelayed(first)).isFalse();
		this.clock.turn(HOUR);
		assertThat(next(consumer)).isEqualTo("second");
		assertThat(this.producer.cancelDelayedAsync(second).get(10, TimeUnit.SECONDS)).isFalse();
		MessageId plain = this.producer.send("plain");
		assertThat(this.producer.cancelDelayed(plain)).isFalse();
	}

	@Test
	void whoHasClosedItsProducerCannotTakeAMessageBack() {
		MessageId id = this.producer.message("m").deliverAfter(HOUR).send();
		this.producer.close();
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> this.producer.cancelDelayed(id))
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.CLOSED);
		Producer<String> another = this.client.producer(Schema.string()).topic("t").create();
		assertThat(another.cancelDelayed(id)).isTrue();
	}

}
