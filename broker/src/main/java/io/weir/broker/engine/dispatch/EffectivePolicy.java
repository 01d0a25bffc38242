package io.weir.broker.engine.dispatch;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Policies;
import io.weir.broker.engine.context.TopicContext;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.RedeliveryPolicy;

/**
 * The redelivery policy of a subscription: what an administrator says, and else what
 * consumers have stated last.
 */
final class EffectivePolicy {

	private final String subscription;

	private final TopicContext context;

	/** Whether administrators have a say. */
	private boolean administered = true;

	private RedeliveryPolicy stated = RedeliveryPolicy.NONE;

	/** Of which the policy was made. */
	private @Nullable Policies seen;

	private RedeliveryPolicy policy = RedeliveryPolicy.NONE;

	EffectivePolicy(String subscription, TopicContext context) {
		this.subscription = subscription;
		this.context = context;
	}

	/**
	 * What a subscription reads that is not durable comes again only as it says itself:
	 * readers need not acknowledge what they have read.
	 */
	void onlyAsStated() {
		this.administered = false;
		this.seen = null;
	}

	RedeliveryPolicy stated() {
		return this.stated;
	}

	void state(RedeliveryPolicy policy) {
		this.stated = policy;
		this.seen = null;
	}

	/** What counts now; asked for with each delivery. */
	@SuppressWarnings("ReferenceEquality") // others are made when something has changed
	RedeliveryPolicy policy() {
		Policies present = this.context.policies().present();
		if (present != this.seen) {
			this.seen = present;
			this.policy = merge(
					this.administered ? present.subscription(this.subscription) : Policies.OfSubscription.NONE);
		}
		return this.policy;
	}

	/**
	 * Where dead letters are made of what has expired, or {@code null} if they are not.
	 */
	@Nullable String deadLettersOfExpired() {
		boolean said = this.administered
				&& this.context.policies().present().subscription(this.subscription).deadLetterExpired();
		return said ? policy().deadLetterTopic() : null;
	}

	private RedeliveryPolicy merge(Policies.OfSubscription said) {
		Topic topic = said.deadLetterTopic();
		String deadLetters = (topic != null) ? topic.name() : this.stated.deadLetterTopic();
		// They would come back for ever.
		boolean own = this.context.topic().name().whole().name().equals(deadLetters);
		return new RedeliveryPolicy(or(said.ackTimeout(), this.stated.ackTimeout()), backoff(said),
				or(said.maxRedeliveries(), this.stated.maxRedeliveries()), own ? null : deadLetters);
	}

	/** A longest delay that is shorter than the first, as others said it, is that. */
	private BackoffRule backoff(Policies.OfSubscription said) {
		BackoffRule stated = this.stated.backoff();
		long initial = or(said.redeliveryInitial(), stated.initial());
		long max = or(said.redeliveryMax(), stated.max());
		if (max < initial) {
			initial = (said.redeliveryMax() != null) ? max : initial;
			max = initial;
		}
		return new BackoffRule(initial, or(said.redeliveryMultiplier(), stated.multiplier()), max,
				or(said.redeliveryJitter(), stated.jitter()));
	}

	private static <T> T or(@Nullable T said, T stated) {
		return (said != null) ? said : stated;
	}

}
