package io.weir.broker.engine.runtime;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.management.JMException;
import javax.management.ObjectName;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.store.StorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What topics and subscriptions take of the heap while nobody uses them, with any store:
 * the goals of docs/benchmarks.md. Whoever adds a field meets them here.
 */
public abstract class IdleMemoryContract {

	private static final int TOPICS = 4_000;

	/** Of each of a quarter of the topics. */
	private static final int SUBSCRIPTIONS = 10;

	private static final int MOST_OF_A_TOPIC = 2048;

	private static final int MOST_OF_A_SUBSCRIPTION = 1024;

	private final List<Topic> topics = IntStream.range(0, TOPICS).mapToObj((i) -> new Topic("idle/" + i)).toList();

	private final Semaphore answers = new Semaphore(0);

	private StorageEngine store;

	private Engine engine;

	/** Opens an empty store. */
	protected abstract StorageEngine open();

	@BeforeEach
	void start() throws InterruptedException {
		this.store = open();
		this.engine = new Engine(this.store, 1, System::currentTimeMillis, Budgets.unlimited());
		this.engine.start(this::told);
		// What the first ones take for all is not theirs.
		openAndLeave(List.of(new Topic("first")));
		subscribeAndLeave(List.of(new Topic("first")), SubscriptionType.KEY_SHARED);
	}

	@AfterEach
	void close() {
		this.engine.close();
		this.store.close();
	}

	private void told(Effect.Telling effect) {
		assertThat(effect).isNotInstanceOf(Effect.Refused.class);
		this.answers.release();
	}

	@Test
	void anIdleTopicTakesTwoKibibytesOfTheHeapAtMost() throws Exception {
		long before = heap();
		openAndLeave(this.topics);
		assertThat((heap() - before) / TOPICS).isPositive().isLessThanOrEqualTo(MOST_OF_A_TOPIC);
	}

	@ParameterizedTest
	@EnumSource(names = { "SHARED", "KEY_SHARED" })
	void anIdleSubscriptionTakesOneKibibyteOfTheHeapAtMost(SubscriptionType type) throws Exception {
		List<Topic> some = this.topics.subList(0, TOPICS / 4);
		openAndLeave(some);
		long before = heap();
		subscribeAndLeave(some, type);
		assertThat((heap() - before) / (some.size() * SUBSCRIPTIONS)).isPositive()
			.isLessThanOrEqualTo(MOST_OF_A_SUBSCRIPTION);
	}

	private void openAndLeave(List<Topic> topics) throws InterruptedException {
		for (int i = 0; i < topics.size(); i++) {
			this.engine.submit(topics.get(i), new Command.OpenProducer(new ReplyTo(1, i), new Peer(1, i), "weir-" + i,
					true, -1, AccessMode.SHARED));
		}
		awaitAnswers(topics.size());
		for (int i = 0; i < topics.size(); i++) {
			this.engine.submit(topics.get(i), new Command.CloseProducer(new ReplyTo(1, i), new Peer(1, i)));
		}
		awaitAnswers(topics.size());
	}

	private void subscribeAndLeave(List<Topic> topics, SubscriptionType type) throws InterruptedException {
		for (Topic topic : topics) {
			for (int i = 0; i < SUBSCRIPTIONS; i++) {
				this.engine.submit(topic, new Command.Subscribe(new ReplyTo(1, i), new Peer(1, i), type + "/" + i, type,
						InitialPosition.EARLIEST, "consumer", true, ConsumerInstance.once()));
			}
		}
		awaitAnswers(topics.size() * SUBSCRIPTIONS);
		for (Topic topic : topics) {
			for (int i = 0; i < SUBSCRIPTIONS; i++) {
				this.engine.submit(topic, new Command.CloseConsumer(new ReplyTo(1, i), new Peer(1, i)));
			}
		}
		awaitAnswers(topics.size() * SUBSCRIPTIONS);
	}

	private void awaitAnswers(int count) throws InterruptedException {
		assertThat(this.answers.tryAcquire(count, 100, TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * The bytes of all objects that can be reached, counted one by one: so it does not
	 * matter what the collector does meanwhile.
	 */
	private static long heap() throws JMException {
		long bytes = 0;
		// What only references hold goes with the second collection.
		for (int i = 0; i < 2; i++) {
			String histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
			String[] total = histogram.substring(histogram.lastIndexOf("Total")).trim().split("\\s+");
			bytes = Long.parseLong(total[2]);
		}
		return bytes;
	}

}
