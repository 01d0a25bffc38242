package io.weir.broker.engine.publish;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.StoredListener;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.context.TopicTime;
import io.weir.broker.engine.publish.ProducerRegistry.NamedProducer;
import io.weir.broker.engine.publish.ProducerRegistry.OpenedProducer;
import io.weir.broker.engine.schedule.Schedule;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.ScheduledPosition;
import io.weir.broker.store.StoredProducer;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * The way into a topic: batches become appends, and what was stored becomes receipts.
 * After a failed append the topic takes no more. A producer whose batch was refused for
 * what it does not answer for is closed: it opens again and sends everything in order.
 */
public final class Publishing {

	private NavigableMap<Long, PendingAppend> appends = Collections.emptyNavigableMap();

	private final ProducerRegistry producers;

	private final TopicTime time;

	private final Consumer<Effect> out;

	private final Schedule schedule;

	private final StoredListener listener;

	private long nextAppend;

	private @Nullable StorageFailure failure;

	public Publishing(Map<String, StoredProducer> recovered, TopicContext context, Schedule schedule,
			StoredListener listener) {
		this.schedule = schedule;
		this.producers = new ProducerRegistry(recovered, context.budgets(), context.time());
		this.time = context.time();
		this.out = context.out();
		this.listener = listener;
	}

	public void handle(Command.Producing command) {
		if (command instanceof Command.OfBatch batch) {
			publish(batch);
		}
		else if (command instanceof Command.CancelDelayed cancel) {
			cancel(cancel);
		}
		else if (command instanceof Command.OpenProducer open) {
			this.producers.open(open, this.out);
		}
		else if (command instanceof Command.ForgetProducer forget) {
			this.producers.forgetUnlessUsed(forget.name(), this.out);
			this.out.accept(new Effect.Done(forget.replyTo()));
		}
		else if (command instanceof Command.CloseProducer close) {
			this.producers.closeForGood(close.producer(), this.out);
			this.out.accept(new Effect.Done(close.replyTo()));
		}
	}

	public void handle(Outcome.OfPublishing outcome) {
		if (outcome instanceof Outcome.Appended appended) {
			appended(appended);
		}
		else if (outcome instanceof Outcome.EpochsStored stored) {
			this.producers.epochsStored(stored, this.out);
		}
	}

	/** Nothing more is appended, and everybody has to come again. */
	public void logLost(StorageFailure failure) {
		this.failure = failure;
		this.producers.removeAll(failure, this.out);
	}

	public void epochsFailed(Storing.StoreEpochs effect, StorageFailure failure) {
		this.producers.epochsFailed(effect, failure, this.out);
	}

	public void opened(Asleep before) {
		this.producers.opened(before.unusedNames());
	}

	/** Whether there are producers. */
	public boolean isUsed() {
		return this.producers.isUsed();
	}

	/** Since when names are unused that are remembered. */
	public Map<String, Long> unusedNames() {
		return this.producers.unusedNames();
	}

	public void sessionEnded(long session) {
		this.producers.closeAll(session, this.out);
	}

	public void tick() {
		this.producers.tick(this.out);
	}

	public List<TopicSnapshot.Producer> snapshot() {
		return this.producers.snapshot();
	}

	/** Gives up what is counted. */
	public void close() {
		this.producers.close();
	}

	private void cancel(Command.CancelDelayed cancel) {
		if (this.producers.find(cancel.producer()) == null) {
			this.out.accept(Effect.Refused.of(cancel, ErrorCode.UNKNOWN_PRODUCER, unknown(cancel.producer())));
		}
		else {
			this.schedule.cancel(cancel);
		}
	}

	private static String unknown(Peer producer) {
		return "No producer " + producer.id() + " is open";
	}

	private void publish(Command.OfBatch batch) {
		OpenedProducer producer = this.producers.find(batch.producer());
		if (producer == null) {
			refuse(batch, ErrorCode.UNKNOWN_PRODUCER, unknown(batch.producer()));
			return;
		}
		NamedProducer named = producer.named();
		if (producer.isFenced()) {
			refuse(batch, ErrorCode.PRODUCER_FENCED, "A newer producer named '" + named.name() + "' took over");
			return;
		}
		switch (named.window().check(batch.firstSequence(), batch.count())) {
			case NEW -> {
				StorageFailure refusal = (batch instanceof Command.PublishRefused refused) ? refused.failure()
						: this.failure;
				if (refusal == null && batch instanceof Command.Publish publish) {
					append(publish, named);
				}
				else if (refusal != null) {
					refuse(batch, refusal.code(), refusal.reason());
					// What follows may overtake a batch that is not sent again.
					if (refusal.code() != ErrorCode.BACKLOG_QUOTA_EXCEEDED) {
						this.producers.close(batch.producer(), this.out);
					}
				}
			}
			case PENDING -> {
				named.window().join(batch.firstSequence(), batch.replyTo());
				batch.release();
			}
			case STORED -> {
				@Nullable Position position = named.window().positionOf(batch.firstSequence());
				this.out.accept(new Effect.Stored(batch.replyTo(), position, true));
				batch.release();
			}
			case OVERLAPPING -> refuse(batch, ErrorCode.INVALID_REQUEST, "The " + batch.count() + " sequence ids from "
					+ batch.firstSequence() + " overlap an earlier batch; what is sent again must be the same batch");
		}
	}

	private void append(Command.Publish publish, NamedProducer named) {
		EntryHeader header = new EntryHeader(named.name(), publish.firstSequence(), publish.index(), this.time.now(),
				publish.encoding());
		long append = this.nextAppend++;
		this.appends = Sparse.with(this.appends, append,
				new PendingAppend(named, header, publish.batch().readableBytes()));
		named.window().begin(publish.firstSequence(), publish.count(), publish.replyTo());
		long due = publish.index().deliverAt(0);
		this.out.accept((due > this.time.now()) ? new Scheduling.Delay(append, due, header, publish.batch())
				: new Storing.Append(append, header, publish.batch()));
	}

	private void appended(Outcome.Appended appended) {
		PendingAppend append = take(appended.append());
		NamedProducer named = append.named;
		boolean duplicate = false;
		for (ReplyTo replyTo : named.window().stored(append.header.firstSequence(), appended.position())) {
			this.out.accept(new Effect.Stored(replyTo, appended.position(), duplicate));
			duplicate = true;
		}
		if (ScheduledPosition.isScheduled(appended.position())) {
			this.schedule.scheduled(appended.position());
		}
		else {
			this.listener.stored(appended.position(), append.header.count(), append.bytes);
		}
		named.answer(this.out);
	}

	/**
	 * Messages were not stored.
	 * @param number the number of what was to be appended
	 */
	public void appendFailed(long number, StorageFailure failure) {
		PendingAppend append = take(number);
		this.failure = failure;
		for (ReplyTo replyTo : append.named.window().failed(append.header.firstSequence())) {
			this.out.accept(Effect.Refused.of(replyTo, failure));
		}
		append.named.answer(this.out);
	}

	private PendingAppend take(long number) {
		PendingAppend append = this.appends.get(number);
		if (append == null) {
			throw new IllegalStateException("Append " + number + " is not under way");
		}
		this.appends = Sparse.without(this.appends, number);
		return append;
	}

	private void refuse(Command.OfBatch batch, ErrorCode code, String reason) {
		batch.release();
		this.out.accept(new Effect.Refused(batch.replyTo(), code, reason));
	}

	private record PendingAppend(NamedProducer named, EntryHeader header, int bytes) {
	}

}
