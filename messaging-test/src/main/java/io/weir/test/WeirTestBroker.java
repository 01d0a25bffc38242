package io.weir.test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.client.ConnectionState;
import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.transport.memory.MemoryNetwork;

/**
 * A broker in the JVM of the tests, without a network, ports, certificates or files: it
 * starts in milliseconds, and knows no other, so that tests with one each may run at the
 * same time. {@code assertThat(broker)} with the {@code assertThat} of AssertJ makes
 * {@linkplain BrokerAssert assertions} that wait.
 *
 * <p>
 * It keeps what everybody has acknowledged, so that a test can see it, unless
 * {@link BrokerBuilder#topicDefaults} or policies of a topic say otherwise. Safe to use
 * from any thread. Whoever starts it closes it; {@link EmbeddedWeir} does so by itself.
 */
public final class WeirTestBroker implements AutoCloseable, AssertProvider<BrokerAssert> {

	/** As long as any test takes, however far it turns the clock. */
	private static final Duration FOR_EVER = Duration.ofDays(36_500);

	private final TestClock clock = new TestClock();

	private final LosableStorage storage = new LosableStorage();

	private final int port = MemoryNetwork.ofThisJvm().freePort();

	private final Broker broker;

	/** Made when it is needed. */
	private @Nullable WeirClient client;

	private WeirTestBroker(Consumer<? super BrokerBuilder> settings) {
		BrokerBuilder builder = Broker.builder()
			.topicDefaults(List.of(new TopicDefaults("*", TopicPolicies.builder().retentionTime(FOR_EVER).build())));
		settings.accept(builder);
		this.broker = builder.inProcess()
			.port(this.port)
			.storage(this.storage.engine())
			.clock(this.clock)
			.ticker(this.clock::nanos)
			.build()
			.start();
	}

	/**
	 * Starts a broker.
	 * @return the broker, which the caller must close
	 */
	public static WeirTestBroker start() {
		return start((builder) -> {
		});
	}

	/**
	 * Starts a broker with settings of its own.
	 * @param settings changes them; where the broker listens, its clock and its storage
	 * are the test broker's own
	 * @return the broker, which the caller must close
	 */
	public static WeirTestBroker start(Consumer<? super BrokerBuilder> settings) {
		Objects.requireNonNull(settings, "settings");
		return new WeirTestBroker(settings);
	}

	/**
	 * Where clients of this JVM connect to; the same also after {@link #restart()}.
	 * @return {@code vm://…}
	 */
	public String serviceUrl() {
		return this.broker.serviceUrl();
	}

	/**
	 * A client of this broker, for what this class has no method for. It is closed with
	 * the broker.
	 * @return the one client of the test itself
	 */
	public synchronized WeirClient client() {
		if (this.client == null) {
			this.client = WeirClient.builder().serviceUrl(serviceUrl()).name("weir-test").build();
		}
		return this.client;
	}

	/**
	 * The broker, for policies, partitions, replays and figures.
	 * @return the broker, which is this one's to close
	 */
	public Broker broker() {
		return this.broker;
	}

	/**
	 * The broker's time, to be turned.
	 * @return the clock
	 */
	public TestClock clock() {
		return this.clock;
	}

	/**
	 * Publishes a message, and waits until it is stored.
	 * @param topic the topic
	 * @param value text and bytes are published as they are, everything else as JSON
	 * @return its id
	 */
	public MessageId publish(String topic, Object value) {
		return publish(topic, value, (message) -> {
		});
	}

	/**
	 * Publishes a message with a key, headers or a delay, and waits until it is stored.
	 * @param topic the topic
	 * @param value text and bytes are published as they are, everything else as JSON
	 * @param details says key, headers and times
	 * @return its id
	 */
	@SuppressWarnings("unchecked")
	public MessageId publish(String topic, Object value, Consumer<? super MessageBuilder<?>> details) {
		return publish(topic, value, Schemas.of((Class<Object>) value.getClass()), details);
	}

	private <T> MessageId publish(String topic, T value, Schema<T> schema,
			Consumer<? super MessageBuilder<?>> details) {
		try (Producer<T> producer = client().producer(schema).topic(topic).create()) {
			MessageBuilder<T> message = producer.message(value);
			details.accept(message);
			return message.send();
		}
	}

	/**
	 * Reads all messages of a topic that are stored now, whoever has received them.
	 * Delayed messages are not among them before they are due.
	 * @param topic the topic, which is not made by asking
	 * @return the messages, as text; in the order stored, of each partition
	 */
	public List<Message<String>> messages(String topic) {
		return messages(topic, Schema.string());
	}

	/**
	 * Reads all messages of a topic, as {@link #messages(String)}.
	 * @param <T> the type of its messages
	 * @param topic the topic, which is not made by asking
	 * @param type {@code String} or {@code byte[]} for what they are, any other for JSON
	 * @return the messages
	 */
	public <T> List<Message<T>> messages(String topic, Class<T> type) {
		return messages(topic, Schemas.of(type));
	}

	/**
	 * Reads all messages of a topic, as {@link #messages(String)}.
	 * @param <T> the type of its messages
	 * @param topic the topic, which is not made by asking
	 * @param schema reads them
	 * @return the messages
	 */
	public <T> List<Message<T>> messages(String topic, Schema<T> schema) {
		return StoredMessages.read(this.broker, client(), topic, schema);
	}

	/**
	 * Ends the connections of all clients, as if the network had lost them. They connect
	 * again by themselves, and send again what they have no receipt for.
	 */
	public void disconnectClients() {
		MemoryNetwork.ofThisJvm().disconnect(this.port);
	}

	/**
	 * Has the broker and its clients, also the test's own, hear nothing of each other
	 * until {@link #unfreeze()}, as if the broker or the network hung. Clients notice
	 * when they notice that in production: what they send has no answer, and after about
	 * two heartbeats they look for another connection. What the broker knows can be
	 * asserted meanwhile, but no messages be published or read by this class.
	 */
	public void freeze() {
		MemoryNetwork.ofThisJvm().freeze(this.port);
	}

	/** Has everything arrive that has waited since {@link #freeze()}. */
	public void unfreeze() {
		MemoryNetwork.ofThisJvm().unfreeze(this.port);
	}

	/**
	 * Has the storage fail, until {@link #restoreStorage()}: nothing can be stored nor
	 * read, and sending is refused with an error after which it may be tried again. What
	 * was confirmed before is there when the storage is.
	 */
	public void loseStorage() {
		this.storage.lose();
	}

	/** Has the storage work again, with all that it had. */
	public void restoreStorage() {
		this.storage.restore();
	}

	/**
	 * Closes the broker and starts it again with what it has stored, as a deployment
	 * does. Clients stay, and connect again by themselves.
	 */
	public void restart() {
		unfreeze();
		this.broker.close();
		this.broker.start();
	}

	/** How many clients are connected, without this one's own. */
	synchronized int connections() {
		boolean own = this.client != null && this.client.state() == ConnectionState.READY;
		return this.broker.stats().connections() - (own ? 1 : 0);
	}

	@Override
	public BrokerAssert assertThat() {
		return new BrokerAssert(this);
	}

	/** Closes the broker and its own client. Harmless when closed. */
	@Override
	public synchronized void close() {
		unfreeze();
		restoreStorage();
		if (this.client != null) {
			this.client.close();
		}
		this.broker.close();
	}

	@Override
	public String toString() {
		return "WeirTestBroker[" + this.port + "]";
	}

}
