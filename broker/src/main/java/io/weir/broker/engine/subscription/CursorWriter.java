package io.weir.broker.engine.subscription;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.dispatch.AckLedger;

/**
 * Has what happens to a subscription's cursor stored, one write at a time. What is
 * acknowledged meanwhile goes together with the next write, and so does how often
 * messages were delivered in vain; a request is answered when everything that it may have
 * changed is stored. A change of the whole cursor goes before acknowledgements that wait,
 * which then count no more.
 */
final class CursorWriter {

	private final SubscriptionId subscription;

	private final AckLedger ledger;

	private final Consumer<Effect> out;

	/** A list of its own as long as somebody waits. */
	private List<ReplyTo> waiting = List.of();

	private List<ReplyTo> beingStored = List.of();

	/** Whether something is to be stored for which nobody waits. */
	private boolean noted;

	/** A change of the whole cursor that waits. */
	private @Nullable Storing change;

	private boolean writing;

	CursorWriter(SubscriptionId subscription, AckLedger ledger, Consumer<Effect> out) {
		this.subscription = subscription;
		this.ledger = ledger;
		this.out = out;
	}

	/** Has acknowledgements stored. */
	void request(ReplyTo replyTo) {
		this.waiting = Sparse.with(this.waiting, replyTo);
		write();
	}

	/** Has what has changed stored, for which nobody waits. */
	void note() {
		this.noted = true;
		write();
	}

	/** Acknowledgements are stored. */
	void stored() {
		this.writing = false;
		this.ledger.changes().stored();
		takeBeingStored().forEach(this::done);
		write();
	}

	/** Acknowledgements could not be stored. */
	void failed(StorageFailure failure) {
		this.writing = false;
		this.ledger.changes().putBack();
		takeBeingStored().forEach((replyTo) -> this.out.accept(Effect.Refused.of(replyTo, failure)));
		write();
	}

	/** Has the whole cursor changed; no other such change may be under way. */
	void change(Storing change) {
		this.change = change;
		write();
	}

	/** The change is stored, and this writer at its end. */
	void changed() {
		this.waiting.forEach(this::done);
		this.waiting = List.of();
	}

	/** The change could not be stored, and everything goes on as before. */
	void changeFailed() {
		this.writing = false;
		write();
	}

	private void write() {
		if (this.writing) {
			return;
		}
		if (this.change != null) {
			this.writing = true;
			this.out.accept(this.change);
			this.change = null;
		}
		else if (this.noted || !this.waiting.isEmpty()) {
			writeAcknowledgements();
		}
	}

	private void writeAcknowledgements() {
		this.beingStored = this.waiting;
		this.waiting = List.of();
		this.noted = false;
		if (this.ledger.changes().isEmpty()) {
			takeBeingStored().forEach(this::done);
			return;
		}
		this.writing = true;
		this.out.accept(new Storing.StoreAcknowledgements(this.subscription, this.ledger.takeChanges()));
	}

	private List<ReplyTo> takeBeingStored() {
		List<ReplyTo> taken = this.beingStored;
		this.beingStored = List.of();
		return taken;
	}

	private void done(ReplyTo replyTo) {
		this.out.accept(new Effect.Done(replyTo));
	}

}
