package io.weir.test;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

import io.weir.broker.TopicStats;
import io.weir.broker.TopicStats.SubscriptionStats;

/**
 * Assertions about a subscription: what it has acknowledged, what comes again, what was
 * given up. Each waits until it holds, and shows the whole state if it does not.
 */
public final class SubscriptionAssert extends AbstractAssert<SubscriptionAssert, WeirTestBroker> {

	private final String topic;

	private final String name;

	private final Patience patience;

	SubscriptionAssert(WeirTestBroker broker, String topic, String name, Patience patience) {
		super(broker, SubscriptionAssert.class);
		this.topic = topic;
		this.name = name;
		this.patience = patience;
	}

	/**
	 * Waits until everything that is stored is acknowledged, or was given up and stored
	 * in the dead-letter topic.
	 * @return this
	 */
	public SubscriptionAssert hasAcknowledgedAll() {
		return hasBacklog(0);
	}

	/**
	 * Waits until so many messages are stored and not acknowledged, whether or not they
	 * were delivered.
	 * @param expected how many
	 * @return this
	 */
	public SubscriptionAssert hasBacklog(long expected) {
		return count("messages not acknowledged", expected, SubscriptionStats::backlog);
	}

	/**
	 * Waits until so many messages are delivered and neither acknowledged nor given back.
	 * @param expected how many
	 * @return this
	 */
	public SubscriptionAssert hasInFlight(long expected) {
		return count("messages in flight", expected, SubscriptionStats::inFlight);
	}

	/**
	 * Waits until there were so many deliveries that were not the first of their message.
	 * @param expected how many
	 * @return this
	 */
	public SubscriptionAssert hasRedelivered(long expected) {
		return count("redeliveries", expected, (state) -> state.redelivery().redelivered());
	}

	/**
	 * Waits until so many messages were given back and wait to be delivered again, which
	 * they are when the {@link WeirTestBroker#clock() clock} is turned.
	 * @param expected how many
	 * @return this
	 */
	public SubscriptionAssert hasWaitingForRedelivery(long expected) {
		return count("messages that wait to be delivered again", expected, (state) -> state.redelivery().delayed());
	}

	/**
	 * Waits until so many messages were given up and stored in the dead-letter topic.
	 * @param expected how many
	 * @return this
	 */
	public SubscriptionAssert hasDeadLetters(long expected) {
		return count("dead letters", expected, (state) -> state.redelivery().deadLetters());
	}

	/**
	 * Waits until so many messages were not delivered because they had expired.
	 * @param expected how many
	 * @return this
	 */
	public SubscriptionAssert hasExpired(long expected) {
		return count("expired messages", expected, SubscriptionStats::expired);
	}

	/**
	 * Waits until so many consumers are connected.
	 * @param expected how many
	 * @return this
	 */
	public SubscriptionAssert hasConsumers(int expected) {
		return count("consumers", expected, (state) -> state.consumers().size());
	}

	private SubscriptionAssert count(String what, long expected, ToLongFunction<SubscriptionStats> count) {
		return stateSatisfies((state) -> Assertions.assertThat(count.applyAsLong(state))
			.as("%s of %s, which is%n%s%n", what, this, state)
			.isEqualTo(expected));
	}

	/**
	 * Waits until the subscription exists and its state satisfies any assertions.
	 * @param assertions about the whole state
	 * @return this
	 */
	public SubscriptionAssert stateSatisfies(Consumer<? super SubscriptionStats> assertions) {
		this.patience.until(() -> {
			SubscriptionStats state = state().orElse(null);
			Assertions.assertThat(state).as("%s, which does not exist", this).isNotNull();
			assertions.accept(state);
		});
		return this;
	}

	/**
	 * Waits until there is such a subscription.
	 * @return this
	 */
	public SubscriptionAssert exists() {
		return stateSatisfies((state) -> {
		});
	}

	/**
	 * Waits until there is no such subscription.
	 * @return this
	 */
	public SubscriptionAssert doesNotExist() {
		this.patience.until(() -> Assertions.assertThat(state()).as("%s", this).isEmpty());
		return this;
	}

	private Optional<SubscriptionStats> state() {
		return this.actual.broker()
			.topic(this.topic)
			.map(TopicStats::subscriptions)
			.flatMap((all) -> all.stream().filter((one) -> one.name().equals(this.name)).findFirst());
	}

	@Override
	public String toString() {
		return "subscription '" + this.name + "' of topic '" + this.topic + "'";
	}

}
