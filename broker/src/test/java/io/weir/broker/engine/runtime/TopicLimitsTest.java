package io.weir.broker.engine.runtime;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.MessageId;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** An engine with many topics, or too many. */
class TopicLimitsTest {

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final Budgets budgets = new Budgets((limit) -> switch (limit) {
		case TOPICS -> 6;
		case NEW_TOPICS_PER_ADDRESS -> 4;
		case PRODUCER_NAMES_PER_TOPIC -> 1;
		default -> limit.defaultValue(1 << 30);
	});

	private volatile long now;

	private Engine engine = engine(this.budgets);

	private Engine engine(Budgets budgets) {
		return new Engine(this.store, 2, () -> this.now, budgets);
	}

	@AfterEach
	void close() {
		this.engine.close();
		this.store.close();
	}

	@Test
	void topicsThatOneOriginMakesInAnHourMustBeBounded() {
		this.engine.start((effect) -> {
		});
		IntStream.range(0, 4).forEach((i) -> open(1, "t" + i));
		assertRefused(1, "t4", BrokerLimit.NEW_TOPICS_PER_ADDRESS);
		open(1, "t0");
		open(2, "t4");
		this.now += TimeUnit.HOURS.toMillis(1);
		open(1, "t5");
	}

	@Test
	void quotaOfNewTopicsMustNotBeRenewedByReconnecting() {
		this.engine.start((effect) -> {
		}, (session) -> (session < 10) ? "one" : "another");
		IntStream.range(0, 4).forEach((i) -> {
			open(i, "t" + i);
			this.engine.submit(new Topic("t" + i), new Command.SessionEnded(i));
		});
		assertRefused(5, "t4", BrokerLimit.NEW_TOPICS_PER_ADDRESS);
		open(10, "t4");
	}

	@Test
	void topicsMustBeBoundedAndThoseThatAreThereGoOn() {
		this.engine.start((effect) -> {
		});
		IntStream.range(0, 6).forEach((i) -> open(i, "t" + i));
		assertRefused(9, "t6", BrokerLimit.TOPICS);
		assertThat(this.budgets.of(BrokerLimit.TOPICS).used()).isEqualTo(6);
		open(9, "t5");
		this.engine.drain().toCompletableFuture().join();
		this.engine.close();

		Budgets fewer = new Budgets((limit) -> (limit == BrokerLimit.TOPICS) ? 2 : limit.defaultValue(1 << 30));
		this.engine = engine(fewer);
		this.engine.start((effect) -> {
		});
		assertThat(names("", "", 10)).as("what is stored is not refused").hasSize(6);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> open(1, "t7"));
	}

	@Test
	void storedTopicsMustOpenWhenTheyAreUsedAndNotBefore() {
		this.engine.start((effect) -> {
		});
		IntStream.range(0, 4).forEach((i) -> open(1, "t" + i));
		this.engine.drain().toCompletableFuture().join();
		this.engine.close();
		Queue<String> opened = new ConcurrentLinkedQueue<>();
		StorageEngine observed = (StorageEngine) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { StorageEngine.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("open")) {
						opened.add(arguments[0].toString());
					}
					return method.invoke(this.store, arguments);
				});
		this.engine = new Engine(observed, 2, () -> this.now, this.budgets);
		long before = this.budgets.of(BrokerLimit.TOPICS).used();
		this.engine.start((effect) -> {
		});
		this.engine.submit(new Topic("t0"), new Command.SessionEnded(1));
		this.engine.drain().toCompletableFuture().join();
		assertThat(opened).isEmpty();
		assertThat(this.budgets.of(BrokerLimit.TOPICS).used() - before).as("they exist").isEqualTo(4);
		open(2, "t1");
		assertThat(names("t2", "", 9)).as("whoever asks sees them").containsExactly("t2");
		this.engine.drain().toCompletableFuture().join();
		assertThat(opened).containsExactlyInAnyOrder(new Topic("t1").toString(), new Topic("t2").toString());
		assertThat(this.budgets.of(BrokerLimit.TOPICS).used() - before).isEqualTo(4);
	}

	@Test
	void whatIsNoRequestMustMakeNoTopic() {
		this.engine.start((effect) -> {
		});
		this.engine.submit(new Topic("t"), new Command.SessionEnded(1));
		this.engine.submit(new Topic("t"), new Command.Flow(new Peer(1, 1), 1));
		assertThat(names("", "", 10)).isEmpty();
	}

	/**
	 * Clients of a topic that was deleted, or could not be opened, may still say such.
	 */
	@Test
	void whatIsNoRequestForATopicMustBeAnsweredAndMakeNone() {
		List<String> told = new ArrayList<>();
		this.engine.start((effect) -> told.add((effect instanceof Effect.Refused refused) ? refused.code().name()
				: effect.getClass().getSimpleName()));
		ReplyTo replyTo = new ReplyTo(1, 1);
		Peer peer = new Peer(1, 1);
		ByteBuf batch = Unpooled.buffer().writeLong(0);
		MessageId id = new Position(0, 0).message(0);
		for (Command.Request request : List.of(
				new Command.Publish(replyTo, peer, 0, MessageIndexes.even(1, Long.BYTES), BatchEncoding.plain(batch),
						batch),
				new Command.CancelDelayed(replyTo, peer, new Position(0, 0)),
				new Command.Acknowledge(replyTo, peer, List.of(id)), new Command.AcknowledgeUpTo(replyTo, peer, id),
				new Command.Trim(replyTo, new Position(0, 0), true), new Command.CloseProducer(replyTo, peer),
				new Command.CloseConsumer(replyTo, peer), new Command.ForgetProducer(replyTo, "p"),
				new Command.Settle(replyTo))) {
			this.engine.submit(new Topic("t"), request);
		}
		assertThat(told).containsExactly("UNKNOWN_PRODUCER", "UNKNOWN_PRODUCER", "UNKNOWN_CONSUMER", "UNKNOWN_CONSUMER",
				"NOT_FOUND", "Done", "Done", "Done", "Done");
		assertThat(batch.refCnt()).isZero();
		assertThat(this.engine.exists(new Topic("t"))).isFalse();
		assertThat(this.budgets.of(BrokerLimit.TOPICS).used()).isZero();
	}

	@Test
	void pagesMustBeOfTheTopicsAskedForOnly() {
		this.engine.close();
		this.engine = engine(Budgets.unlimited());
		this.engine.start((effect) -> {
		});
		List.of("a", "b/1", "b/2", "b/3", "c").forEach((name) -> open(1, name));
		assertThat(names("", "", 2)).containsExactly("a", "b/1");
		assertThat(names("", "b/1", 2)).containsExactly("b/2", "b/3");
		assertThat(names("", "c", 2)).isEmpty();
		assertThat(names("b/", "", 9)).containsExactly("b/1", "b/2", "b/3");
		assertThat(names("b/", "b/2", 9)).containsExactly("b/3");
		assertThat(names("b/", "z", 9)).isEmpty();
		assertThat(names("b/2", "a", 9)).containsExactly("b/2");
	}

	@Test
	void figuresMustBeReadWithoutAskingAnyOfFortyThousandTopics() throws InterruptedException {
		this.engine.close();
		this.engine = engine(Budgets.unlimited());
		CountDownLatch blocked = new CountDownLatch(2);
		CountDownLatch release = new CountDownLatch(1);
		this.engine.start((effect) -> {
			blocked.countDown();
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		IntStream.range(0, 40_000).forEach((i) -> open(1, "t" + i));
		blocked.await();
		CompletableFuture<List<TopicSnapshot>> asked = this.engine.snapshot("", "", 1).toCompletableFuture();
		assertThat(this.engine.figures().messagesIn()).isZero();
		assertThat(this.engine.figures().backlog()).isZero();
		assertThat(asked).as("nobody who asks a topic is answered").isNotDone();
		release.countDown();
		assertThat(asked).succeedsWithin(Duration.ofMinutes(1));
	}

	@Test
	void figuresMustFollowWhatHappens() {
		TopicHarness topic = new TopicHarness();
		Peer producer = new Peer(1, 1);
		Peer consumer = new Peer(2, 1);
		topic.openProducer(producer, "p");
		topic.publish(producer, 0, 5);
		topic.consume(consumer, "s", 3);
		topic.read(new Peer(3, 1), "not durable");
		assertThat(topic.figures().messagesIn()).isEqualTo(5);
		assertThat(topic.figures().messagesOut()).isEqualTo(3);
		assertThat(topic.figures().bytesIn()).isEqualTo(5 * Long.BYTES);
		assertThat(topic.figures().bytesOut()).isEqualTo(3 * Long.BYTES);
		assertThat(topic.figures().backlog()).isEqualTo(5);
		topic.acknowledge(consumer, topic.deliveries(consumer).get(1).id());
		assertThat(topic.figures().backlog()).isEqualTo(4);
		topic.restart();
		assertThat(topic.figures().backlog()).isEqualTo(4);
		topic.consume(consumer, "s", 0);
		topic.seek(consumer, 0L);
		assertThat(topic.figures().backlog()).isEqualTo(5);
		topic.unsubscribe(consumer);
		assertThat(topic.figures().backlog()).isZero();
		assertThat(topic.close()).isZero();
	}

	@Test
	void namesMustBeForgottenWhenTheirTimeIsOver() {
		Queue<Effect> told = new ConcurrentLinkedQueue<>();
		this.engine.start(told::add);
		openAs("first");
		this.engine.drain().toCompletableFuture().join();
		this.engine.submit(new Topic("t"), new Command.SessionEnded(1));
		this.engine.drain().toCompletableFuture().join();
		this.now = this.budgets.of(BrokerLimit.PRODUCER_NAME_EXPIRY).limit() - 1;
		this.engine.tick();
		openAs("second");
		this.engine.drain().toCompletableFuture().join();
		this.now++;
		this.engine.tick();
		openAs("third");
		this.engine.drain().toCompletableFuture().join();
		assertThat(told).extracting((effect) -> effect.getClass().getSimpleName())
			.containsExactly("ProducerOpened", "Refused", "ProducerOpened");
	}

	private void openAs(String name) {
		this.engine.submit(new Topic("t"),
				new Command.OpenProducer(new ReplyTo(1, 1), new Peer(1, 1), name, false, -1, AccessMode.SHARED));
	}

	private List<String> names(String prefix, String after, int limit) {
		return this.engine.snapshot(prefix, after, limit)
			.toCompletableFuture()
			.join()
			.stream()
			.map(TopicSnapshot::name)
			.toList();
	}

	private void open(long session, String topic) {
		this.engine.submit(new Topic(topic), new Command.OpenProducer(new ReplyTo(session, 1), new Peer(session, 1),
				"p", false, -1, AccessMode.SHARED));
	}

	private void assertRefused(long session, String topic, BrokerLimit limit) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> open(session, topic))
			.withMessageContaining("may not have more")
			.withMessageContaining("weir.broker.limits." + limit.key())
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.LIMIT_EXCEEDED);
		assertThat(this.budgets.of(limit).refused()).isOne();
	}

}
