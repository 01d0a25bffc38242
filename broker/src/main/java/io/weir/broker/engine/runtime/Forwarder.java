package io.weir.broker.engine.runtime;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.ForwardNames;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Storing;
import io.weir.message.AccessMode;
import io.weir.message.Topic;

/**
 * Publishes what is stored in one topic to another, once however often it is asked to.
 * For each entry there is a producer name, made of where the entry is stored and what for
 * it is forwarded; the sequence ids are the places of the messages in the entry. So
 * nothing is ever older than what the target remembers of the name, in whatever order
 * messages are forwarded and however much later. Safe to use from any thread.
 */
final class Forwarder implements AutoCloseable {

	private final LocalSession session;

	/** The last of what is under way for a target and a name. */
	private final Map<Key, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

	Forwarder(LocalSession session) {
		this.session = session;
	}

	/**
	 * Forwards messages.
	 * @param from the topic where they are stored
	 * @param forward the messages, whose buffer is released
	 * @return completes when they are stored in the target, or were before; or
	 * exceptionally as {@link LocalSession#ask}
	 */
	CompletionStage<Void> forward(Topic from, Storing.Forward forward) {
		Key key = new Key(forward.target(), ForwardNames.of(from, forward.purpose(), forward.source()));
		return inTurn(key, () -> publish(key, forward));
	}

	/**
	 * Lets the target forget what was forwarded of an entry, which is not forwarded
	 * again.
	 */
	CompletionStage<Void> forget(Topic from, Storing.ForgetForwarded forget) {
		Key key = new Key(forget.target(), ForwardNames.of(from, forget.purpose(), forget.source()));
		return inTurn(key,
				() -> this.session.ask(key.target(), (replyTo) -> new Command.ForgetProducer(replyTo, key.name()))
					.thenApply((answer) -> null));
	}

	/** A producer would shut out another one of the same name. */
	private CompletableFuture<Void> inTurn(Key key, Supplier<CompletionStage<Void>> step) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		CompletableFuture<Void> before = this.underWay.put(key, done);
		CompletionStage<?> ready = (before != null) ? before.exceptionally((failure) -> null)
				: CompletableFuture.completedFuture(null);
		ready.thenCompose((ignored) -> step.get()).whenComplete((ignored, failure) -> {
			this.underWay.remove(key, done);
			if (failure != null) {
				done.completeExceptionally(failure);
			}
			else {
				done.complete(null);
			}
		});
		return done;
	}

	private CompletionStage<Void> publish(Key key, Storing.Forward forward) {
		Peer producer = this.session.newPeer();
		return this.session
			.ask(key.target(),
					(replyTo) -> new Command.OpenProducer(replyTo, producer, key.name(), false, -1,
							AccessMode.EXCLUSIVE))
			.whenComplete((opened, failure) -> {
				if (failure != null) {
					forward.batch().release();
				}
			})
			.thenCompose((opened) -> this.session
				.ask(key.target(),
						(replyTo) -> new Command.Publish(replyTo, producer, forward.firstIndex(), forward.index(),
								forward.encoding(), forward.batch()))
				.whenComplete((stored, failure) -> this.session.ask(key.target(),
						(replyTo) -> new Command.CloseProducer(replyTo, producer))))
			.thenAccept((stored) -> {
			});
	}

	/** What is not forwarded yet fails. */
	@Override
	public void close() {
		this.session.close();
	}

	private record Key(Topic target, String name) {
	}

}
