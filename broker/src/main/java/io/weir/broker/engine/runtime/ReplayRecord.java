package io.weir.broker.engine.runtime;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;
import io.weir.message.MessageId;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * What is stored of a replay: what was asked for, and how far it is. As text, a line
 * {@code name=value} for each that is there, the values encoded as in addresses.
 *
 * @param id tells it from all other replays of the topic
 * @param next everything before this entry was looked at
 * @param upTo the last entry that is meant
 */
record ReplayRecord(long id, @Nullable MessageId message, DeadLetterFilter filter, boolean again, Position next,
		Position upTo, Replay.State state, Instant startedAt, long replayed, long failed, List<String> failures) {

	private static final String FAILURE = "failure.";

	Replay toReplay(Topic topic, @Nullable String waitingFor) {
		return new Replay(topic.name(), this.message, this.filter, this.again, this.state, this.startedAt,
				this.replayed, this.failed, this.failures, waitingFor);
	}

	boolean isRunning() {
		return this.state == Replay.State.RUNNING;
	}

	/** For which the target remembers what was forwarded. */
	String purpose() {
		return this.again ? "replay:" + this.id : "replay";
	}

	/** Further than that, with so many more. */
	ReplayRecord advanced(Position to, int more, List<String> failures) {
		List<String> all = new ArrayList<>(this.failures);
		all.addAll(failures.subList(0, Math.min(failures.size(), Replay.MAX_FAILURES - all.size())));
		return new ReplayRecord(this.id, this.message, this.filter, this.again, to, this.upTo, this.state,
				this.startedAt, this.replayed + more, this.failed + failures.size(), List.copyOf(all));
	}

	/** There is nothing to replay from any more. */
	ReplayRecord ended(String reason) {
		List<String> all = new ArrayList<>(
				this.failures.subList(0, Math.min(this.failures.size(), Replay.MAX_FAILURES - 1)));
		all.add(reason);
		return new ReplayRecord(this.id, this.message, this.filter, this.again, this.next, this.upTo, this.state,
				this.startedAt, this.replayed, this.failed, List.copyOf(all));
	}

	ReplayRecord ended(Replay.State end) {
		return new ReplayRecord(this.id, this.message, this.filter, this.again, this.next, this.upTo, end,
				this.startedAt, this.replayed, this.failed, this.failures);
	}

	byte[] toBytes() {
		Map<String, @Nullable Object> lines = new TreeMap<>();
		lines.put("id", this.id);
		lines.put("message", this.message);
		lines.put("origin-topic", this.filter.originTopic());
		lines.put("subscription", this.filter.subscription());
		lines.put("error", this.filter.error());
		lines.put("since", this.filter.since());
		lines.put("until", this.filter.until());
		lines.put("key", this.filter.key());
		lines.put("again", this.again);
		lines.put("next", this.next);
		lines.put("up-to", this.upTo);
		lines.put("state", this.state);
		lines.put("started-at", this.startedAt);
		lines.put("replayed", this.replayed);
		lines.put("failed", this.failed);
		for (int i = 0; i < this.failures.size(); i++) {
			lines.put(FAILURE + i, this.failures.get(i));
		}
		StringBuilder text = new StringBuilder();
		lines.forEach((name, value) -> {
			if (value != null) {
				text.append(name)
					.append('=')
					.append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8))
					.append('\n');
			}
		});
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Reads a record.
	 * @throws IllegalArgumentException if it is none of this version
	 */
	static ReplayRecord of(byte[] text) {
		Map<String, String> lines = new TreeMap<>();
		new String(text, StandardCharsets.UTF_8).lines().forEach((line) -> {
			int end = line.indexOf('=');
			lines.put(line.substring(0, Math.max(end, 0)),
					URLDecoder.decode(line.substring(end + 1), StandardCharsets.UTF_8));
		});
		DeadLetterFilter filter = new DeadLetterFilter(lines.get("origin-topic"), lines.get("subscription"),
				lines.get("error"), optional(lines, "since", Instant::parse), optional(lines, "until", Instant::parse),
				lines.get("key"));
		List<String> failures = lines.entrySet()
			.stream()
			.filter((line) -> line.getKey().startsWith(FAILURE))
			.map(Map.Entry::getValue)
			.toList();
		return new ReplayRecord(required(lines, "id", Long::valueOf), optional(lines, "message", MessageId::parse),
				filter, required(lines, "again", Boolean::valueOf), required(lines, "next", ReplayRecord::position),
				required(lines, "up-to", ReplayRecord::position), required(lines, "state", Replay.State::valueOf),
				required(lines, "started-at", Instant::parse), required(lines, "replayed", Long::valueOf),
				required(lines, "failed", Long::valueOf), failures);
	}

	private static <T> T required(Map<String, String> lines, String name, Function<String, T> read) {
		T value = optional(lines, name, read);
		if (value == null) {
			throw new IllegalArgumentException("A replay without '" + name + "' is none of this version");
		}
		return value;
	}

	private static <T> @Nullable T optional(Map<String, String> lines, String name, Function<String, T> read) {
		String value = lines.get(name);
		return (value != null) ? read.apply(value) : null;
	}

	private static Position position(String text) {
		String[] numbers = text.split(":", -1);
		return new Position(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
	}

}
