package io.weir.broker.engine.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.Compacting.KeysPage;
import io.weir.broker.engine.KeySearch;
import io.weir.broker.store.Entry;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;

/**
 * Looks into a topic's log for the keys of its messages, away from the topic's thread and
 * from those of the store: batches have to be decompressed for it.
 */
final class KeyReader {

	private static final Logger logger = LoggerFactory.getLogger(KeyReader.class);

	private final TopicLog log;

	private final Executor background;

	KeyReader(TopicLog log, Executor background) {
		this.log = log;
		this.background = background;
	}

	/** Tells a search the keys of a page. */
	CompletionStage<KeysPage> read(Compacting.ReadKeys asked) {
		return this.log.read(asked.from(), asked.maxEntries(), asked.maxBytes())
			.thenCompose((entries) -> later(asked.search(), entries));
	}

	private CompletionStage<KeysPage> later(KeySearch search, List<Entry> entries) {
		CompletableFuture<KeysPage> page = new CompletableFuture<>();
		try {
			this.background.execute(() -> complete(page, search, entries));
		}
		catch (RuntimeException ex) {
			entries.forEach(Entry::release);
			page.completeExceptionally(ex);
		}
		return page;
	}

	private static void complete(CompletableFuture<KeysPage> page, KeySearch search, List<Entry> entries) {
		try {
			page.complete(look(search, entries));
		}
		catch (Throwable ex) {
			page.completeExceptionally(ex);
		}
		finally {
			entries.forEach(Entry::release);
		}
	}

	private static KeysPage look(KeySearch search, List<Entry> entries) {
		MessageDigest digest = sha256();
		boolean more = !entries.isEmpty();
		for (Entry entry : entries) {
			more = search.begin(entry);
			if (!more) {
				break;
			}
			tell(search, entry, digest);
			search.end();
		}
		return search.page(!more);
	}

	/** An entry that cannot be read tells nothing of what is before. */
	private static void tell(KeySearch search, Entry entry, MessageDigest digest) {
		try {
			EntryMessages.read(entry, (records) -> {
				records.forEach((record) -> tell(search, record, digest));
				return null;
			});
		}
		catch (ProtocolException ex) {
			search.unreadable();
		}
	}

	private static void tell(KeySearch search, MessageRecord record, MessageDigest digest) {
		String key = record.key();
		if (key == null) {
			search.withoutKey();
		}
		else {
			byte[] hash = digest.digest(key.getBytes(StandardCharsets.UTF_8));
			search.key(longAt(hash, 0), longAt(hash, Long.BYTES), !record.payload().isReadable());
		}
	}

	private static long longAt(byte[] bytes, int start) {
		long value = 0;
		for (int i = start; i < start + Long.BYTES; i++) {
			value = (value << Byte.SIZE) | (bytes[i] & 0xFF);
		}
		return value;
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Each Java platform has it", ex);
		}
	}

	/** Says that a log was gone through. */
	static void log(Compacting.Finished finished, Topic topic) {
		if (finished.leftOut() > 0) {
			logger.warn("Topic {} has more than {} keys: {} messages of others stay though there may be later ones",
					topic, KeySearch.MAX_KEYS, finished.leftOut());
		}
		if (finished.messages() > 0) {
			logger.info(
					"Compaction has taken {} messages with {} bytes out of the log of topic {}, which has {} keys, in {} ms",
					finished.messages(), finished.bytes(), topic, finished.keys(), finished.millis());
		}
	}

}
