package io.weir.test;

import java.time.Duration;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

import io.weir.message.Schema;

/**
 * Assertions about a {@link WeirTestBroker}: {@code assertThat(broker)} with the
 * {@code assertThat} of AssertJ. Each of them waits until it holds, and fails after five
 * seconds, or {@link #within}.
 */
public final class BrokerAssert extends AbstractAssert<BrokerAssert, WeirTestBroker> {

	private Patience patience = Patience.DEFAULT;

	BrokerAssert(WeirTestBroker broker) {
		super(broker, BrokerAssert.class);
	}

	/**
	 * Says for how long the assertions that follow may take to become true.
	 * @param duration from 1 millisecond; 5 seconds by default
	 * @return this
	 */
	public BrokerAssert within(Duration duration) {
		this.patience = new Patience(duration);
		return this;
	}

	/**
	 * Goes on to a topic whose messages are text.
	 * @param name the topic's name; it need not exist yet
	 * @return assertions about it
	 */
	public TopicAssert<String> topic(String name) {
		return topic(name, String.class);
	}

	/**
	 * Goes on to a topic.
	 * @param <T> the type of its messages
	 * @param name the topic's name; it need not exist yet
	 * @param type of its messages: {@code String} or {@code byte[]} for what they are,
	 * any other for JSON
	 * @return assertions about it
	 */
	public <T> TopicAssert<T> topic(String name, Class<T> type) {
		return topic(name, Schemas.of(type));
	}

	/**
	 * Goes on to a topic.
	 * @param <T> the type of its messages
	 * @param name the topic's name; it need not exist yet
	 * @param schema reads its messages
	 * @return assertions about it
	 */
	public <T> TopicAssert<T> topic(String name, Schema<T> schema) {
		return new TopicAssert<>(this.actual, name, schema, this.patience);
	}

	/**
	 * Waits until so many clients are connected, without the broker's own.
	 * @param expected how many connections
	 * @return this
	 */
	public BrokerAssert hasConnections(int expected) {
		this.patience.until(() -> Assertions.assertThat(this.actual.connections())
			.as("connections of clients")
			.isEqualTo(expected));
		return this;
	}

}
