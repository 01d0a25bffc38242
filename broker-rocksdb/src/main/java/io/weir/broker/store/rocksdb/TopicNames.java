package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;

/**
 * The ids of all topics, in a file of their own that is on the disk before a topic is
 * used: whatever may happen to RocksDB's files, no topic takes another one's for its own.
 * Ids are random and never used again. Safe to use from any thread.
 *
 * <pre>
 * file:   "weirtops" | format 4 | records
 * record: length of the name 4 | id 8 | name | CRC32C of all that 4
 * </pre>
 */
final class TopicNames implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(TopicNames.class);

	/** Raised when a broker can no longer read what an earlier one wrote. */
	static final int FORMAT = 7;

	static final String FILE = "topics";

	private static final byte[] MAGIC = "weirtops".getBytes(StandardCharsets.US_ASCII);

	private static final int HEADER = MAGIC.length + Integer.BYTES;

	private static final int AROUND_NAME = 2 * Integer.BYTES + Long.BYTES;

	private final Path file;

	private final Map<Topic, Long> ids = new ConcurrentHashMap<>();

	private final SecureRandom random = new SecureRandom();

	@GuardedBy("this")
	private List<ByteBuffer> unsaved = new ArrayList<>();

	/** Whether not only new ids have to be written. */
	@GuardedBy("this")
	private boolean rewrite;

	/** {@code null} after a failure: then the whole file is written anew. */
	@GuardedBy("this")
	private @Nullable FileChannel channel;

	private TopicNames(Path directory) {
		this.file = directory.resolve(FILE);
	}

	/**
	 * Reads the names in a data directory, which is given its file if it is new.
	 * @throws StorageException if the file is missing, damaged or of another format
	 */
	static TopicNames open(Path directory) {
		TopicNames names = new TopicNames(directory);
		try {
			if (Files.exists(names.file)) {
				names.readFile();
			}
			else if (Files.exists(directory.resolve("CURRENT"))) {
				throw names.damaged("is missing. Restore it from a copy; or if it is a store of format 1, which had no"
						+ " such file, run the version that wrote it");
			}
			else {
				names.writeAnew();
			}
			return names;
		}
		catch (IOException ex) {
			throw names.failed(ex);
		}
	}

	/** The topics that have an id. */
	Set<Topic> topics() {
		return Set.copyOf(this.ids.keySet());
	}

	/** The ids that have a topic. */
	Set<Long> ids() {
		return Set.copyOf(this.ids.values());
	}

	/**
	 * Gives a topic a name again whose own was lost.
	 * @return the name
	 */
	synchronized Topic recover(long id) {
		Topic name = new Topic("recovered-" + Long.toHexString(id));
		this.ids.put(name, id);
		this.rewrite = true;
		return name;
	}

	/** The id of a topic, if it has one. */
	@Nullable Long find(Topic topic) {
		return this.ids.get(topic);
	}

	/** The id of a topic, a new one if need be: not on the disk until {@link #save}. */
	synchronized long idOf(Topic topic) {
		Long known = this.ids.get(topic);
		if (known != null) {
			return known;
		}
		long id = newId();
		this.unsaved.add(encode(topic, id));
		this.ids.put(topic, id);
		return id;
	}

	/** Zero is the id of no topic. */
	private long newId() {
		long id = this.random.nextLong();
		return (id != 0) ? id : 1;
	}

	/** The topic has no id any more: it has until {@link #save} on the disk. */
	synchronized void forget(Topic topic) {
		if (this.ids.remove(topic) != null) {
			this.rewrite = true;
		}
	}

	/**
	 * Sees to it that all ids given out are on the disk, and none that is forgotten: with
	 * one write and one wait for all that are new.
	 * @throws StorageException if that failed; it can be tried again
	 */
	synchronized void save() {
		if (this.unsaved.isEmpty() && !this.rewrite) {
			return;
		}
		try {
			FileChannel open = this.channel;
			if (open == null || this.rewrite) {
				writeAnew();
			}
			else {
				write(open, this.unsaved);
				open.force(true);
			}
			this.unsaved = new ArrayList<>();
			this.rewrite = false;
		}
		catch (IOException ex) {
			close();
			throw failed(ex);
		}
	}

	/** Writes everything to a new file that takes the place of the old one. */
	private synchronized void writeAnew() throws IOException {
		close();
		Path fresh = this.file.resolveSibling(FILE + ".new");
		List<ByteBuffer> all = new ArrayList<>();
		all.add(ByteBuffer.allocate(HEADER).put(MAGIC).putInt(FORMAT).flip());
		this.ids.forEach((topic, id) -> all.add(encode(topic, id)));
		FileChannel written = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING);
		try {
			write(written, all);
			written.force(true);
			Files.move(fresh, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			forceDirectory();
			this.channel = written;
		}
		finally {
			if (this.channel != written) {
				written.close();
			}
		}
	}

	private static void write(FileChannel channel, List<ByteBuffer> records) throws IOException {
		ByteBuffer together = ByteBuffer.allocate(records.stream().mapToInt(ByteBuffer::remaining).sum());
		records.forEach((record) -> together.put(record.duplicate()));
		together.flip();
		while (together.hasRemaining()) {
			channel.write(together);
		}
	}

	/** So that the file is there after a loss of power, too; not all systems can. */
	private void forceDirectory() {
		try (FileChannel directory = FileChannel.open(this.file.resolveSibling("."), StandardOpenOption.READ)) {
			directory.force(true);
		}
		catch (IOException ex) {
			logger.debug("The directory of {} cannot be synced", this.file, ex);
		}
	}

	private synchronized void readFile() throws IOException {
		ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(this.file));
		readHeader(in);
		boolean whole = true;
		while (whole && in.hasRemaining()) {
			int start = in.position();
			whole = readRecord(in, this.ids);
			if (!whole) {
				checkTorn(in, start);
			}
		}
		if (whole) {
			this.channel = FileChannel.open(this.file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
		}
	}

	private void readHeader(ByteBuffer in) {
		if (in.remaining() < HEADER || !in.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
			throw damaged("is not what a broker wrote. Restore it from a copy");
		}
		int format = in.position(MAGIC.length).getInt();
		if (format != FORMAT) {
			throw new StorageException("Data in " + this.file.getParent() + " has format " + format
					+ ", this broker reads format " + FORMAT + " only: run the version that wrote it", null);
		}
	}

	private static boolean readRecord(ByteBuffer in, Map<Topic, Long> ids) {
		int start = in.position();
		int length = (in.remaining() >= AROUND_NAME) ? in.getInt() : -1;
		if (length < 0 || length > in.limit() - start - AROUND_NAME) {
			return false;
		}
		int end = start + AROUND_NAME + length;
		if (in.getInt(end - Integer.BYTES) != checksum(in.slice(start, end - Integer.BYTES - start))) {
			return false;
		}
		long id = in.getLong();
		ids.put(new Topic(StandardCharsets.UTF_8.decode(in.slice(in.position(), length)).toString()), id);
		in.position(end);
		return true;
	}

	/**
	 * The last record may be half written, as of a topic that was never used: if it was,
	 * that is seen when the store is open.
	 */
	private void checkTorn(ByteBuffer in, int start) {
		for (int next = start + 1; next < in.limit(); next++) {
			if (readRecord(in.position(next), new HashMap<>())) {
				throw damaged("is damaged at byte " + start + ". Restore it from a copy");
			}
		}
		in.position(in.limit());
	}

	private static ByteBuffer encode(Topic topic, long id) {
		byte[] name = topic.name().getBytes(StandardCharsets.UTF_8);
		ByteBuffer record = ByteBuffer.allocate(AROUND_NAME + name.length).putInt(name.length).putLong(id).put(name);
		return record.putInt(checksum(record.slice(0, record.position()))).flip();
	}

	private static int checksum(ByteBuffer bytes) {
		CRC32C crc = new CRC32C();
		crc.update(bytes);
		return (int) crc.getValue();
	}

	/** There are topics without a name. */
	StorageException incomplete(int topics) {
		return damaged("lacks the names of " + topics + " topic(s) that have messages or subscriptions. Restore it from"
				+ " a copy; or " + LogFiles.SALVAGE + ", which gives them other names");
	}

	private StorageException damaged(String problem) {
		return new StorageException(Kind.DAMAGED,
				"The names of the topics in " + this.file + " cannot be read: the file " + problem, null);
	}

	private StorageException failed(IOException ex) {
		return new StorageException(Kind.UNAVAILABLE,
				"The names of the topics cannot be stored in " + this.file + ": " + ex, ex);
	}

	@Override
	public synchronized void close() {
		FileChannel open = this.channel;
		this.channel = null;
		if (open != null) {
			try {
				open.close();
			}
			catch (IOException ex) {
				logger.warn("{} could not be closed", this.file, ex);
			}
		}
	}

}
