package io.weir.spring;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.Schema;
import io.weir.setting.InvalidSettingException;
import io.weir.spring.fake.FakeProducer;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class ProducerCacheTests {

	private static final Duration IDLE = Duration.ofMinutes(1);

	private final FakeWeirClient client = new FakeWeirClient();

	private final Deque<Runnable> later = new ArrayDeque<>();

	private long now;

	private final ProducerCache cache = new ProducerCache(this::create, new ProducerCacheSettings(3, IDLE),
			() -> this.now, (delay, task) -> this.later.add(task));

	@SuppressWarnings("unchecked")
	private Producer<Object> create(String topic) {
		return this.client.producer((Schema<Object>) (Schema<?>) Schema.string()).topic(topic).createLazily();
	}

	private void use(int... topics) {
		IntStream.of(topics).forEach((topic) -> this.cache.use("t" + topic, Producer::topic));
	}

	private FakeProducer<Object> producer(int index) {
		return this.client.producers.get(index);
	}

	private List<String> open() {
		return this.client.producers.stream().filter((each) -> !each.closed).map(FakeProducer::topic).toList();
	}

	@Test
	void producerIsKeptAndTheOneThatWasUsedLeastRecentlyLeaves() {
		use(0, 1, 2, 0, 3, 0);
		assertThat(this.client.producers).hasSize(4);
		assertThat(open()).containsExactly("t0", "t2", "t3");
	}

	@Test
	void producerWithMessagesUnderWayStays() {
		use(0, 1, 2);
		producer(0).pending = 1;
		use(3);
		assertThat(open()).containsExactly("t0", "t2", "t3");
		producer(2).pending = 1;
		producer(3).pending = 1;
		use(4);
		assertThat(open()).containsExactly("t0", "t2", "t3", "t4");
		producer(0).pending = 0;
		use(5);
		assertThat(this.client.producers.stream().filter((each) -> each.pending > 0)).noneMatch((each) -> each.closed);
	}

	@Test
	void producerThatIsUsedStays() {
		this.cache.use("t0", (producer) -> {
			use(1, 2, 3, 4, 5, 6);
			assertThat(producer(0).closed).isFalse();
			return producer;
		});
		use(7);
		use(8, 9, 10);
		assertThat(producer(0).closed).isTrue();
		assertThat(open()).hasSize(3);
	}

	@Test
	void whatCouldNotLeaveWhenItWasBusyLeavesLater() {
		for (int i = 0; i < 20; i++) {
			use(i);
			producer(i).pending = 1;
		}
		assertThat(open()).hasSize(20);
		this.client.producers.forEach((producer) -> producer.pending = 0);
		this.later.remove().run();
		assertThat(open()).hasSize(3);
	}

	@Test
	void producerThatIsNotUsedForLongIsClosedAndMadeAgain() {
		use(0);
		this.now += IDLE.toNanos() - 1;
		use(1);
		this.later.remove().run();
		assertThat(open()).containsExactly("t0", "t1");
		this.now++;
		this.later.remove().run();
		assertThat(open()).containsExactly("t1");
		this.now += IDLE.toNanos();
		this.later.remove().run();
		assertThat(open()).isEmpty();
		assertThat(this.later).isEmpty();
		use(0);
		assertThat(open()).containsExactly("t0");
		assertThat(this.later).hasSize(1);
	}

	@Test
	void nothingIsSentAfterTheEnd() {
		use(0);
		this.cache.close();
		assertThat(open()).isEmpty();
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> use(0)).withMessageContaining("CLOSED");
		WeirTemplate template = new WeirTemplate(new DefaultWeirProducerFactory(this.client),
				new WeirSchemas(tools.jackson.databind.json.JsonMapper.builder().build()));
		template.close();
		CompletableFuture<?> sent = template.sendAsync("t", "value");
		assertThat(sent).isCompletedExceptionally();
	}

	@Test
	void sizeAndTimeThatMakeNoSenseAreRefused() {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new ProducerCacheSettings(0, IDLE))
			.withMessageContaining("maxProducers must be at least 1");
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new ProducerCacheSettings(1, Duration.ZERO))
			.withMessageContaining("producerIdleTime");
	}

}
