package io.weir.broker.engine.context;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.Extent;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** How far a topic's log goes, and what went in and out of it. */
public final class TopicProgress {

	private final Topic name;

	private final EngineFigures all;

	private Position first;

	private Position trimmingBefore;

	/** What is being taken out of the middle, or was, since all of that had an end. */
	private @Nullable Run removing;

	private Position lastStored;

	/** What the log has up to its end. */
	private Extent extent;

	/** What it had before its first entry, as far as that is known. */
	private Extent trimmed;

	/** Bytes of entries that were taken out of the middle, as far as that is known. */
	private long gone;

	private boolean goneKnown;

	/** Of topics that are compacted. */
	private @Nullable SupersededRuns superseded;

	private long messagesIn;

	private long bytesIn;

	private long messagesOut;

	private long bytesOut;

	/** As its log was opened. */
	public TopicProgress(TopicLog log, EngineFigures all) {
		this.first = log.first();
		this.trimmingBefore = this.first;
		this.all = all;
		this.name = log.topic();
		this.lastStored = log.lastConfirmed();
		this.extent = log.extent();
		this.trimmed = Extent.NONE;
		all.size(bytes());
	}

	public Topic name() {
		return this.name;
	}

	/** The first position that may hold an entry. */
	public Position first() {
		return this.first;
	}

	/** What stands before a position is being given up. */
	public void trimming(Position before) {
		this.trimmingBefore = before;
	}

	/** Entries of a run are being taken out of the middle. */
	public void removing(Position from, Position to) {
		this.removing = (this.removing != null) ? this.removing.with(from, to) : new Run(from, to, 1);
	}

	/** One such run has its outcome. */
	public void removed() {
		this.removing = (this.removing != null) ? this.removing.without() : null;
	}

	/** What stood before a position is gone; that may be the position as it was. */
	public void trimmed(Position first) {
		this.first = first;
		this.trimmingBefore = first;
		if (this.superseded != null) {
			this.superseded.trimmed(first);
		}
	}

	/** Whether what stands at a position cannot be read any more, or perhaps not. */
	public boolean mayBeGone(Position position) {
		return this.trimmingBefore.isAfter(position) || (this.removing != null && this.removing.has(position));
	}

	/** The last entry that can be read. */
	public Position lastStored() {
		return this.lastStored;
	}

	/** How many messages the log has up to there, since its beginning. */
	public long nextOrdinal() {
		return this.extent.messages();
	}

	/** How much the log has up to its end, since its beginning. */
	public Extent extent() {
		return this.extent;
	}

	/** How much it had before its first entry, as far as that is known. */
	public Extent trimmed() {
		return this.trimmed;
	}

	/** What it had before its first entry was looked up. */
	public void trimmed(Extent trimmed) {
		long before = bytes();
		this.trimmed = trimmed;
		this.all.size(bytes() - before);
	}

	/** How many bytes the log has. */
	public long bytes() {
		return Math.max(0, this.extent.bytes() - this.trimmed.bytes() - this.gone);
	}

	/** How many bytes the entries had that were taken out of the middle. */
	public long gone() {
		return this.gone;
	}

	/** Whether that is known of all that were taken out, also before a restart. */
	public boolean isGoneKnown() {
		return this.goneKnown;
	}

	/** That became known. */
	public void goneKnown(long bytes) {
		this.goneKnown = true;
		gone(bytes);
	}

	/** More were taken out. */
	public void gone(long bytes) {
		long before = bytes();
		this.gone = bytes;
		this.all.size(bytes() - before);
	}

	/** The entries that need not be kept, and are there. */
	public SupersededRuns superseded() {
		SupersededRuns known = this.superseded;
		if (known == null) {
			known = new SupersededRuns();
			this.superseded = known;
		}
		return known;
	}

	/** The log is not compacted any more: nothing is passed over. */
	public void nothingSuperseded() {
		this.superseded = null;
	}

	/** Whether an entry need not be kept. */
	public boolean isSuperseded(Position position) {
		return this.superseded != null && this.superseded.has(position);
	}

	/** The first position from another on that is not of such an entry. */
	public Position keptFrom(Position from) {
		return (this.superseded != null) ? this.superseded.keptFrom(from) : from;
	}

	/** The log is no longer counted. */
	public void close() {
		this.all.size(-bytes());
	}

	public void stored(Position position, int messages, int bytes) {
		this.lastStored = position;
		this.extent = new Extent(this.extent.messages() + messages, this.extent.bytes() + bytes);
		this.all.size(bytes);
		this.messagesIn += messages;
		this.bytesIn += bytes;
		this.all.stored(messages, bytes);
	}

	public void delivered(int messages, int bytes) {
		this.messagesOut += messages;
		this.bytesOut += bytes;
		this.all.delivered(messages, bytes);
	}

	public TopicSnapshot.Traffic snapshot() {
		return new TopicSnapshot.Traffic(this.messagesIn, this.bytesIn, this.messagesOut, this.bytesOut);
	}

	/**
	 * Positions of which entries are being taken out.
	 *
	 * @param requests how many requests have no outcome yet
	 */
	private record Run(Position from, Position to, int requests) {

		boolean has(Position position) {
			return !this.from.isAfter(position) && !position.isAfter(this.to);
		}

		Run with(Position first, Position last) {
			return new Run(first.isAfter(this.from) ? this.from : first, last.isAfter(this.to) ? last : this.to,
					this.requests + 1);
		}

		@Nullable Run without() {
			return (this.requests > 1) ? new Run(this.from, this.to, this.requests - 1) : null;
		}

	}

}
