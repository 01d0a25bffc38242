package io.weir.broker.engine.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.engine.Browse;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.store.Entry;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;

/** Reads what is in dead-letter topics, whoever has acknowledged it. */
final class DeadLetterReader {

	/** So many entries and bytes at a time: they are looked into on a topic's thread. */
	static final int PAGE_ENTRIES = 64;

	private static final int PAGE_BYTES = 1 << 20;

	/** Of which nothing is meant: a list ends there, and says where to go on. */
	private static final int MAX_PASSED_OVER = 5_000;

	private final LocalSession session;

	DeadLetterReader(LocalSession session) {
		this.session = session;
	}

	/**
	 * Reads some entries.
	 * @return what was read, to be closed; exceptionally as {@link LocalSession#ask}
	 */
	CompletionStage<Page> read(Topic topic, Position from, int maxEntries) {
		return this.session.ask(topic, (replyTo) -> new Browse(replyTo, from, maxEntries, PAGE_BYTES))
			.thenApply((answer) -> Page.of(topic, (Effect.Browsed) answer));
	}

	/**
	 * Lists dead letters, as many as a caller wants to have at a time.
	 * @param from where to begin, or {@code null} for the beginning
	 */
	CompletionStage<DeadLetterPage> list(Topic topic, DeadLetterFilter filter, @Nullable MessageId from, int limit) {
		Position position = (from != null) ? Position.of(from) : Position.BEFORE_FIRST.after();
		int index = (from != null) ? MessageIds.index(from) : 0;
		return list(topic, filter, position.message(topic.partition(), index), limit, new ArrayList<>(), 0);
	}

	private CompletionStage<DeadLetterPage> list(Topic topic, DeadLetterFilter filter, MessageId from, int limit,
			List<DeadLetter> found, int passedOver) {
		return read(topic, Position.of(from), Math.min(limit, PAGE_ENTRIES)).thenCompose((page) -> {
			MessageId next;
			try (page) {
				next = take(page, filter, from, limit, found);
			}
			int looked = passedOver + page.entries().size();
			if (next == null || found.size() >= limit || looked >= MAX_PASSED_OVER) {
				return CompletableFuture.completedStage(new DeadLetterPage(found, next));
			}
			return list(topic, filter, next, limit, found, looked);
		});
	}

	/** Takes what is meant; says what was not looked at yet, or {@code null}. */
	private static @Nullable MessageId take(Page page, DeadLetterFilter filter, MessageId from, int limit,
			List<DeadLetter> found) {
		for (Letter letter : page.letters()) {
			if (letter.view().id().compareTo(from) < 0) {
				continue;
			}
			if (found.size() >= limit) {
				return letter.view().id();
			}
			if (filter.matches(letter.view())) {
				found.add(letter.view());
			}
		}
		Position last = page.last();
		return (last != null && page.lastStored().isAfter(last)) ? last.after().message(MessageIds.partition(from), 0)
				: null;
	}

	/**
	 * Entries of a topic, and what is in them.
	 *
	 * @param entries the entries, released with the page
	 * @param lastStored the last one of the topic
	 */
	record Page(List<Letter> letters, List<Entry> entries, Position lastStored) implements AutoCloseable {

		private static Page of(Topic topic, Effect.Browsed browsed) {
			try {
				List<Letter> letters = new ArrayList<>();
				for (int i = 0; i < browsed.entries().size(); i++) {
					letters.addAll(letters(topic, browsed.entries().get(i), browsed.replayed().get(i)));
				}
				return new Page(letters, browsed.entries(), browsed.lastStored());
			}
			catch (RuntimeException | Error ex) {
				browsed.release();
				throw ex;
			}
		}

		/** Of a damaged entry nobody knows what its messages are. */
		private static List<Letter> letters(Topic topic, Entry entry, BitSet replayed) {
			return entry.isIntact()
					? EntryMessages.read(entry, (records) -> letters(topic, entry, replayed, records::get))
					: letters(topic, entry, replayed, (index) -> null);
		}

		private static List<Letter> letters(Topic topic, Entry entry, BitSet replayed,
				IntFunction<@Nullable MessageRecord> records) {
			return IntStream.range(0, entry.header().count())
				.mapToObj((index) -> letter(topic, entry, index, replayed, records.apply(index)))
				.toList();
		}

		private static Letter letter(Topic topic, Entry entry, int index, BitSet replayed,
				@Nullable MessageRecord record) {
			Headers headers = (record != null) ? record.headers() : Headers.empty();
			DeadLetterOrigin origin = DeadLetterOrigin.of(headers);
			String last = headers.get(DeadLetterOrigin.LAST_SUBSCRIPTION_HEADER);
			String subscription = (last != null || origin == null) ? last : origin.subscription();
			DeadLetter view = new DeadLetter(entry.position().message(topic.partition(), index), origin, subscription,
					(record != null) ? record.replays() : 0, replayed.get(index),
					(record != null) ? record.key() : null, Instant.ofEpochMilli(entry.header().publishTime()),
					entry.header().index().size(index));
			boolean damaged = record == null || headers.get(DeadLetterOrigin.DAMAGED_HEADER) != null;
			return new Letter(view, entry, index, damaged);
		}

		/** The last entry, or {@code null} if there is none. */
		@Nullable Position last() {
			return this.entries.isEmpty() ? null : this.entries.get(this.entries.size() - 1).position();
		}

		@Override
		public void close() {
			this.entries.forEach(Entry::release);
		}

	}

	/**
	 * A message in a dead-letter topic.
	 *
	 * @param view what others are told of it
	 * @param entry where it is, valid as long as its page is open
	 * @param index its place in the entry
	 * @param damaged whether it is not known what the message was
	 */
	record Letter(DeadLetter view, Entry entry, int index, boolean damaged) {

		Position position() {
			return this.entry.position();
		}

	}

}
