package io.weir.test;

import java.util.List;
import java.util.function.Consumer;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

import io.weir.broker.TopicStats;
import io.weir.message.Message;
import io.weir.message.Schema;

/**
 * Assertions about a topic and what is stored in it, whoever has received it. Each waits
 * until it holds.
 *
 * @param <T> the type of its messages
 */
public final class TopicAssert<T> extends AbstractAssert<TopicAssert<T>, WeirTestBroker> {

	private final String name;

	private final Schema<T> schema;

	private final Patience patience;

	TopicAssert(WeirTestBroker broker, String name, Schema<T> schema, Patience patience) {
		super(broker, TopicAssert.class);
		this.name = name;
		this.schema = schema;
		this.patience = patience;
	}

	/**
	 * Waits until the topic has exactly these messages, in this order; in a topic with
	 * partitions order is that of each of them.
	 * @param values their values
	 * @return this
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final TopicAssert<T> containsExactly(T... values) {
		return values((stored) -> stored.containsExactly(values));
	}

	/**
	 * Waits until the topic has exactly these messages, in any order.
	 * @param values their values
	 * @return this
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final TopicAssert<T> containsExactlyInAnyOrder(T... values) {
		return values((stored) -> stored.containsExactlyInAnyOrder(values));
	}

	/**
	 * Waits until the topic has these messages, among others.
	 * @param values their values
	 * @return this
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final TopicAssert<T> contains(T... values) {
		return values((stored) -> stored.contains(values));
	}

	/**
	 * Waits until so many messages are stored.
	 * @param expected how many
	 * @return this
	 */
	public TopicAssert<T> hasMessages(int expected) {
		return values((stored) -> stored.hasSize(expected));
	}

	/**
	 * Says that nothing is stored now; what might still come is not waited for, unless a
	 * message is to go away.
	 * @return this
	 */
	public TopicAssert<T> hasNoMessages() {
		return hasMessages(0);
	}

	/**
	 * Waits until the messages satisfy any assertions, also about keys and headers.
	 * @param assertions about all messages stored, in their order
	 * @return this
	 */
	public TopicAssert<T> messagesSatisfy(Consumer<? super List<Message<T>>> assertions) {
		this.patience.until(() -> assertions.accept(this.actual.messages(this.name, this.schema)));
		return this;
	}

	private TopicAssert<T> values(Consumer<ListAssert<T>> assertions) {
		return messagesSatisfy(
				(messages) -> assertions.accept(Assertions.assertThat(messages.stream().map(Message::value).toList())
					.as("messages of topic '%s'", this.name)));
	}

	/**
	 * Waits until so many messages are stored that are not due yet.
	 * @param expected how many
	 * @return this
	 */
	public TopicAssert<T> hasDelayed(int expected) {
		return stateSatisfies((topic) -> Assertions.assertThat(topic.delayed())
			.as("delayed messages of topic '%s'", this.name)
			.isEqualTo(expected));
	}

	/**
	 * Waits until the topic exists and its state satisfies any assertions.
	 * @param assertions about the whole state, with all subscriptions
	 * @return this
	 */
	public TopicAssert<T> stateSatisfies(Consumer<? super TopicStats> assertions) {
		this.patience.until(() -> {
			TopicStats state = this.actual.broker().topic(this.name).orElse(null);
			Assertions.assertThat(state).as("topic '%s'", this.name).isNotNull();
			assertions.accept(state);
		});
		return this;
	}

	/**
	 * Waits until there is such a topic.
	 * @return this
	 */
	public TopicAssert<T> exists() {
		return stateSatisfies((state) -> {
		});
	}

	/**
	 * Waits until there is no such topic.
	 * @return this
	 */
	public TopicAssert<T> doesNotExist() {
		this.patience.until(() -> Assertions.assertThat(this.actual.broker().topic(this.name))
			.as("topic '%s'", this.name)
			.isEmpty());
		return this;
	}

	/**
	 * Goes on to one of the topic's subscriptions.
	 * @param subscription its name; it need not exist yet
	 * @return assertions about it
	 */
	public SubscriptionAssert subscription(String subscription) {
		return new SubscriptionAssert(this.actual, this.name, subscription, this.patience);
	}

}
