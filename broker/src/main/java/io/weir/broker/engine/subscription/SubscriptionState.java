package io.weir.broker.engine.subscription;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.SubscriptionChange;

/**
 * How far a subscription is in its life, and what a command meets there;
 * {@link Subscription} says what follows what.
 *
 * <pre>
 *            subscribe     change              any other     messages are delivered
 * Creating   held          held                held          no
 * Active     carried out   carried out         carried out   yes
 * Moving     carried out   refused             carried out   no
 * Deleting   refused       refused             carried out   yes
 * </pre>
 *
 * A consumer may be closed at any time. Held is what consumers ask for; who asks for a
 * change without being one is refused meanwhile.
 */
sealed interface SubscriptionState {

	/** Why a command is refused for now, or {@code null} if it is not. */
	default @Nullable String refusal(Command command) {
		return null;
	}

	/** Whether messages are delivered. */
	default boolean delivers() {
		return true;
	}

	/** Whether a command changes the whole cursor, as one at a time may. */
	private static boolean isChange(Command command) {
		return command instanceof Command.ChangeOwn || command instanceof Command.ChangeSubscription;
	}

	/**
	 * It is being stored.
	 *
	 * @param held what consumers want of it meanwhile, in order
	 */
	record Creating(List<Command.OfConsumer> held) implements SubscriptionState {

		Creating() {
			this(new ArrayList<>());
		}

		/** Takes out what a consumer wants. */
		List<Command.OfConsumer> withdraw(Peer consumer) {
			List<Command.OfConsumer> withdrawn = this.held.stream()
				.filter((command) -> command.consumer().equals(consumer))
				.toList();
			this.held.removeAll(withdrawn);
			return withdrawn;
		}

		@Override
		public @Nullable String refusal(Command command) {
			return (command instanceof Command.ChangeSubscription) ? "is being created" : null;
		}

		@Override
		public boolean delivers() {
			return false;
		}

	}

	/** It is there, and no more is to be said of it: one for all. */
	enum Active implements SubscriptionState {

		ACTIVE

	}

	/** It is being moved or deleted. */
	sealed interface Changing extends SubscriptionState {

		/** Whom to tell how that went. */
		ReplyTo replyTo();

	}

	/**
	 * Where it goes on is being looked for, or stored.
	 *
	 * @param replyTo whom to tell
	 * @param consumer who asked, and stays; {@code null} if that is no consumer
	 * @param wanted what was asked for
	 */
	record Moving(ReplyTo replyTo, @Nullable Peer consumer, SubscriptionChange wanted) implements Changing {

		@Override
		public @Nullable String refusal(Command command) {
			return isChange(command) ? "is being moved" : null;
		}

		@Override
		public boolean delivers() {
			return false;
		}

	}

	/**
	 * It is being deleted.
	 *
	 * @param replyTo whom to tell
	 * @param consumer who asked, and goes; {@code null} if that is no consumer
	 */
	record Deleting(ReplyTo replyTo, @Nullable Peer consumer) implements Changing {

		@Override
		public @Nullable String refusal(Command command) {
			return (isChange(command) || command instanceof Command.Subscribe) ? "is being removed" : null;
		}

	}

}
