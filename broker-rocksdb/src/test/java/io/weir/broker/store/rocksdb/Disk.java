package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * What would be on a disk, and what is only in the system's memory: a file's bytes are on
 * the disk when the file was synced, and its name when its directory was. When the power
 * fails, of what was in memory the disk may have any beginning of each file, torn
 * anywhere, with zeros behind it, and of the names any beginning.
 */
final class Disk {

	/** By name: what is to be seen while there is power. */
	private final Map<String, Content> seen = new HashMap<>();

	private final Map<String, Content> onDisk = new HashMap<>();

	/** Names that are not on the disk yet; {@code null} where one is gone. */
	private final List<Map.Entry<String, @Nullable Content>> names = new ArrayList<>();

	/** Does what a process has done. */
	void take(DiskLog.Change change) {
		String name = change.name();
		switch (change.type()) {
			case 'W' -> file(name).write((int) change.offset(), change.data());
			case 'T' -> file(name).resize((int) change.offset());
			case 'S' -> file(name).sync();
			case 'R' -> {
				Content moved = file(name);
				name(name, null);
				name(change.text(), moved);
			}
			case 'U' -> name(name, null);
			case 'D' -> {
				this.names.forEach((each) -> put(this.onDisk, each));
				this.names.clear();
			}
			default -> throw new IllegalArgumentException("Unknown change " + change);
		}
	}

	private Content file(String name) {
		Content known = this.seen.get(name);
		if (known == null) {
			known = new Content();
			name(name, known);
		}
		return known;
	}

	private void name(String name, @Nullable Content content) {
		Map.Entry<String, @Nullable Content> entry = new SimpleEntry<>(name, content);
		put(this.seen, entry);
		this.names.add(entry);
	}

	private static void put(Map<String, Content> map, Map.Entry<String, @Nullable Content> entry) {
		Content content = entry.getValue();
		if (content != null) {
			map.put(entry.getKey(), content);
		}
		else {
			map.remove(entry.getKey());
		}
	}

	/**
	 * The power fails: puts what is left into a directory.
	 * @param random says what of the rest is on the disk, or {@code null}: nothing
	 */
	void fail(Path directory, @Nullable Random random) throws IOException {
		Map<String, Content> left = new HashMap<>(this.onDisk);
		int kept = (random != null) ? random.nextInt(this.names.size() + 1) : 0;
		this.names.subList(0, kept).forEach((each) -> put(left, each));
		for (Map.Entry<String, Content> file : left.entrySet()) {
			Path path = directory.resolve(file.getKey());
			Files.createDirectories(path.getParent());
			Files.write(path, file.getValue().left(random));
		}
	}

	/** The bytes of a file. */
	private static final class Content {

		private byte[] onDisk = new byte[0];

		private byte[] seen = new byte[0];

		void write(int offset, byte[] data) {
			if (this.seen.length < offset + data.length) {
				resize(offset + data.length);
			}
			System.arraycopy(data, 0, this.seen, offset, data.length);
		}

		void resize(int length) {
			this.seen = Arrays.copyOf(this.seen, length);
		}

		void sync() {
			this.onDisk = this.seen.clone();
		}

		/**
		 * Files are appended to: what is on the disk is a beginning, unless it was cut.
		 */
		byte[] left(@Nullable Random random) {
			int common = Math.min(this.onDisk.length, this.seen.length);
			if (random == null || this.seen.length <= common
					|| !Arrays.equals(this.onDisk, 0, common, this.seen, 0, common)) {
				return this.onDisk.clone();
			}
			int kept = common + random.nextInt(this.seen.length - common + 1);
			byte[] torn = Arrays.copyOf(this.seen, kept);
			int zeros = random.nextBoolean() ? random.nextInt(this.seen.length - kept + 1) : 0;
			return Arrays.copyOf(torn, kept + zeros);
		}

	}

}
