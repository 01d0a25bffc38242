package io.weir.client.history;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.ConnectionState;
import io.weir.client.Consumer;
import io.weir.client.ConsumerBuilder;
import io.weir.client.Ordering;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.fixtures.Direction;
import io.weir.fixtures.NetworkConditions;
import io.weir.fixtures.RelayCounters;
import io.weir.fixtures.UdpRelay;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Producers of every ordering and consumers of every kind of subscription, each client
 * behind a bad network of its own, while the broker comes and goes. The schedule is that
 * of the seed; what happens in between is up to the threads.
 */
final class Scenario implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Scenario.class);

	static final String TOPIC = "history";

	/** Has what is stored kept for it, and reads it at the end. */
	private static final String READER = "reader";

	static final Duration PATIENCE = Duration.ofSeconds(90);

	/** The kinds of subscriptions; every client has a consumer of each shared one. */
	private static final List<Plan> PLANS = List.of(
			new Plan("exclusive", SubscriptionType.EXCLUSIVE, Event.Order.ALL, 1),
			new Plan("failover", SubscriptionType.FAILOVER, Event.Order.ALL, 2),
			new Plan("shared", SubscriptionType.SHARED, Event.Order.NONE, 2),
			new Plan("key-shared", SubscriptionType.KEY_SHARED, Event.Order.OF_A_KEY, 2));

	private static final int STEPS = Disturbance.values().length;

	private static final NetworkConditions BAD = NetworkConditions.PERFECT.withLoss(0.02)
		.withDelay(Duration.ofMillis(2))
		.withJitter(Duration.ofMillis(3))
		.withReorder(0.02)
		.withDuplicate(0.02)
		.withCorrupt(0.005);

	private final List<UdpRelay> relays = new ArrayList<>();

	private final List<WeirClient> clients = new ArrayList<>();

	private final List<SendingThread> senders = new ArrayList<>();

	private final List<ConsumingThread> consumers = new ArrayList<>();

	private final Recorder recorder = new Recorder();

	private final RestartableBroker broker;

	private final Random random;

	private final int perStep;

	Scenario(long seed, RestartableBroker broker, int messages) {
		this.random = new Random(seed);
		this.broker = broker;
		this.perStep = messages / STEPS;
		for (int i = 0; i < 2; i++) {
			UdpRelay relay = UdpRelay.to(broker.address()).seed(this.random.nextLong()).start();
			this.relays.add(relay);
			this.clients.add(WeirClient.builder()
				.serviceUrl("weir://127.0.0.1:" + relay.address().getPort())
				.insecure()
				.heartbeatInterval(Duration.ofMillis(300))
				.build());
		}
		for (WeirClient client : this.clients) {
			for (Ordering ordering : Ordering.values()) {
				this.senders.add(new SendingThread("p" + this.senders.size(), client, ordering, this.perStep * STEPS,
						this.recorder, this.random.nextLong()));
			}
		}
		for (Plan plan : PLANS) {
			for (int i = 0; i < plan.consumers(); i++) {
				this.consumers.add(new ConsumingThread(plan, any(this.clients), this.recorder, this.random.nextLong()));
			}
		}
	}

	/** Plays the schedule, lets everything heal, and reads what is stored. */
	List<Event> play() throws IOException {
		// What all subscriptions have acknowledged would go after half a minute.
		subscribe(READER, SubscriptionType.EXCLUSIVE).close();
		this.consumers.forEach(Thread::start);
		this.senders.forEach(Thread::start);
		List<Disturbance> disturbances = new ArrayList<>(List.of(Disturbance.values()));
		Collections.shuffle(disturbances, this.random);
		for (int step = 1; step <= STEPS; step++) {
			Disturbance disturbance = disturbances.get(step - 1);
			this.senders.forEach((sender) -> sender.permit(this.perStep / 2));
			disturb(disturbance);
			this.senders.forEach((sender) -> sender.permit(this.perStep - this.perStep / 2));
			int target = this.senders.size() * this.perStep * step / 2;
			await("step " + step, () -> this.recorder.confirmed() >= target);
			if (disturbance == Disturbance.LOSS_AND_MORE) {
				// Few packets may have passed, and heartbeats go on.
				await("a loss and more", () -> lost() > 0 && cameOtherwise() > 0);
			}
			measure();
		}
		this.relays.forEach((relay) -> relay.conditions(NetworkConditions.PERFECT));
		settle();
		assertDisturbed();
		return this.recorder.events();
	}

	private void disturb(Disturbance disturbance) throws IOException {
		int index = this.random.nextInt(this.relays.size());
		UdpRelay relay = this.relays.get(index);
		logger.info("{} for client {}", disturbance, index);
		switch (disturbance) {
			case LOSS_AND_MORE -> relay.conditions(BAD);
			case BURSTS -> relay.conditions(NetworkConditions.PERFECT.withBurstLoss(0.01, 10));
			case SMALL_PACKETS -> relay.conditions(NetworkConditions.PERFECT.withMtu(1300));
			case BLACK_HOLE -> blackHole(index);
			case NEW_ADDRESS -> relay.rebind();
			case RESTART, SECOND_RESTART -> this.broker.restart();
			case OTHER_CONSUMER -> any(this.consumers).replace();
		}
	}

	/**
	 * Until the client, which may not be back since it was last disturbed, has noticed.
	 */
	private void blackHole(int index) {
		await("a client to lose", () -> this.clients.get(index).state() == ConnectionState.READY);
		this.relays.get(index).blackHole(true);
		await("the client behind the black hole", () -> this.clients.get(index).state() != ConnectionState.READY);
		this.relays.get(index).blackHole(false);
	}

	private void settle() {
		int all = this.senders.size() * this.perStep * STEPS;
		await("all receipts", () -> this.recorder.confirmed() >= all);
		for (Plan plan : PLANS) {
			await("all acknowledgements of " + plan.subscription(),
					() -> this.recorder.settled(plan.subscription()).size() >= all);
		}
		this.consumers.forEach(ConsumingThread::end);
		await("consumers", () -> this.consumers.stream().noneMatch(Thread::isAlive));
		measure();
		PLANS.forEach(this::lookForMore);
		readAll(all);
	}

	/** Says what is missing if that does not come, or why it cannot come any more. */
	private void await(String what, BooleanSupplier done) {
		try {
			Awaitility.await().atMost(PATIENCE).until(() -> {
				measure();
				return done.getAsBoolean() || !this.recorder.failures().isEmpty();
			});
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError("Waited in vain for " + what + ". " + this.recorder.confirmed()
					+ " messages are stored. Without acknowledgement are "
					+ PLANS.stream().map(Plan::subscription).map(this.recorder::unsettled).toList(), ex);
		}
		List<Throwable> failures = this.recorder.failures();
		if (!failures.isEmpty()) {
			AssertionError error = new AssertionError(
					failures.size() + " sends or consumers failed before " + what + ", the first: " + failures.get(0),
					failures.get(0));
			failures.stream().skip(1).limit(10).forEach(error::addSuppressed);
			throw error;
		}
	}

	/**
	 * Everything was acknowledged: a new consumer must get nothing but what nobody can
	 * tell of.
	 */
	private void lookForMore(Plan plan) {
		int number = -1 - PLANS.indexOf(plan);
		this.recorder.add(new Event.Subscribed(plan.subscription(), plan.order(), number));
		try (Consumer<String> consumer = subscribe(plan.subscription(), plan.type())) {
			Message<String> message = consumer.receive(Duration.ofMillis(200));
			while (message != null) {
				this.recorder
					.add(new Event.Received(plan.subscription(), number, Recorder.read(message), message.id()));
				message = consumer.receive(Duration.ofMillis(200));
			}
		}
	}

	private void readAll(int expected) {
		try (Consumer<String> reader = subscribe(READER, SubscriptionType.EXCLUSIVE)) {
			int read = 0;
			Message<String> message = reader.receive(PATIENCE);
			while (message != null) {
				this.recorder.stored(message);
				reader.acknowledge(message);
				message = reader.receive((++read < expected) ? PATIENCE : Duration.ofMillis(200));
			}
		}
	}

	private Consumer<String> subscribe(String subscription, SubscriptionType type) {
		ConsumerBuilder<String> builder = this.clients.get(0)
			.consumer(Schema.string())
			.topic(TOPIC)
			.subscription(subscription)
			.subscriptionType(type)
			.initialPosition(InitialPosition.EARLIEST);
		// The broker may not know yet that the consumer before this one is gone.
		return Awaitility.await()
			.atMost(PATIENCE)
			.ignoreExceptionsMatching((failure) -> failure instanceof WeirException ex && ex.retryable())
			.until(builder::subscribe, Objects::nonNull);
	}

	/** Or the network was not as bad as it should have been, and nothing was proved. */
	private void assertDisturbed() {
		assertThat(lost()).as("lost packets").isPositive();
		assertThat(cameOtherwise()).as("packets that came otherwise").isPositive();
		assertThat(count(RelayCounters::swallowed)).as("packets in black holes").isPositive();
	}

	private long lost() {
		return count(RelayCounters::lost);
	}

	private long cameOtherwise() {
		return count(RelayCounters::duplicated) + count(RelayCounters::reordered);
	}

	private long count(ToLongFunction<RelayCounters> counter) {
		return this.relays.stream()
			.flatMap((relay) -> Stream.of(Direction.values()).map(relay::counters))
			.mapToLong(counter)
			.sum();
	}

	private void measure() {
		this.recorder.add(new Event.Memory(usedMemory()));
	}

	/** Direct memory of the process. */
	static long usedMemory() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

	private <V> V any(List<V> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	@Override
	public void close() {
		this.consumers.forEach(ConsumingThread::end);
		this.senders.forEach(Thread::interrupt);
		this.clients.forEach(WeirClient::close);
		this.relays.forEach(UdpRelay::close);
	}

	/** What happens, in an order drawn by the seed. */
	private enum Disturbance {

		LOSS_AND_MORE, BURSTS, SMALL_PACKETS, BLACK_HOLE, NEW_ADDRESS, RESTART, SECOND_RESTART, OTHER_CONSUMER

	}

	/**
	 * A subscription and its consumers.
	 *
	 * @param subscription its name
	 * @param type its type
	 * @param order which messages of a producer it promises to deliver in order
	 * @param consumers how many at a time
	 */
	record Plan(String subscription, SubscriptionType type, Event.Order order, int consumers) {
	}

}
