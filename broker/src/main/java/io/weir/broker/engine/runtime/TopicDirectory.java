package io.weir.broker.engine.runtime;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.StorageException;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * The topics that there are: those in memory, which have a writer, those that have left
 * it and know when to come back, and the names of all. Safe to use from any thread.
 */
final class TopicDirectory {

	private final TopicAdmission admission;

	private final TopicServices services;

	private final List<? extends Executor> threads;

	private final Map<Topic, TopicWriter> writers = new ConcurrentHashMap<>();

	private final TopicNames names = new TopicNames();

	private final Map<Topic, Sleeper> sleepers = new ConcurrentHashMap<>();

	private volatile LongFunction<Object> origins = (session) -> session;

	private volatile Consumer<Topic> unused = (topic) -> {
	};

	TopicDirectory(TopicAdmission admission, TopicServices services, List<? extends Executor> threads) {
		this.admission = admission;
		this.services = services;
		this.threads = threads;
	}

	/** Says whose clients count as one, by session. */
	void origins(LongFunction<Object> origins) {
		this.origins = origins;
	}

	/** Says who is told of topics that have expired, on their threads. */
	void onUnused(Consumer<Topic> listener) {
		this.unused = listener;
	}

	/** A topic is stored. */
	void stored(Topic topic) {
		this.names.add(topic);
		this.admission.admitStored();
	}

	boolean exists(Topic topic) {
		return this.names.contains(topic);
	}

	/** The names of all that exist: those that are stored, whether or not in memory. */
	TopicNames names() {
		return this.names;
	}

	@Nullable TopicWriter find(Topic topic) {
		return this.writers.get(topic);
	}

	Collection<TopicWriter> writers() {
		return this.writers.values();
	}

	/** Brings a topic that there is into memory. */
	TopicWriter open(Topic topic) {
		return this.writers.computeIfAbsent(topic, this::newWriter).begin();
	}

	/** The same for a partition that need not have been used yet. */
	TopicWriter openPartition(Topic partition) {
		return this.writers.computeIfAbsent(partition, (missing) -> {
			if (!exists(missing)) {
				this.admission.admitStored();
			}
			return newWriter(missing);
		}).begin();
	}

	/**
	 * Brings a topic into memory for a request. It is made for whoever wants to publish
	 * or consume, and for nobody else: what somebody still says to a topic that could not
	 * be opened, or was deleted, does not make it again.
	 * @return the topic, or {@code null} if there is none and the request is answered
	 * @throws ProtocolException if it is not made; the request is released
	 */
	@Nullable TopicWriter open(Topic topic, Command.Request request) {
		boolean makes = request instanceof Command.OpenProducer || request instanceof Command.Subscribe;
		try {
			TopicWriter writer = this.writers.computeIfAbsent(topic, (missing) -> {
				if (!exists(missing)) {
					if (!makes) {
						return null;
					}
					this.admission.admit(missing, this.origins.apply(request.replyTo().session()));
				}
				return newWriter(missing);
			});
			if (writer != null) {
				return writer.begin();
			}
		}
		catch (RuntimeException | Error ex) {
			request.release();
			throw ex;
		}
		request.release();
		TopicAnswers.thereIsNone(topic, this.services, request);
		return null;
	}

	/** To begin only when it is to be found: so it hears of policies that change. */
	private TopicWriter newWriter(Topic topic) {
		boolean isNew = this.names.add(topic);
		Sleeper sleeper = this.sleepers.remove(topic);
		Asleep before = Asleep.UNTIL_NOW;
		if (sleeper != null) {
			before = sleeper.asleep();
			this.services.timers().cancel(sleeper.timer());
			count(sleeper, -1);
		}
		return new TopicWriter(topic, thread(topic), this.services, this, isNew, before);
	}

	private Executor thread(Topic topic) {
		return this.threads.get(Math.floorMod(topic.name().hashCode(), this.threads.size()));
	}

	private void count(Sleeper sleeper, int times) {
		EngineFigures figures = this.services.context().figures();
		figures.size(times * sleeper.bytes());
		figures.backlog(times * sleeper.backlog());
		figures.delayed(times * sleeper.delayed());
	}

	/** A topic cannot be opened. */
	void refuses(Topic topic, TopicWriter writer, boolean isNew) {
		if (this.writers.remove(topic, writer) && isNew) {
			this.names.remove(topic);
			this.admission.giveBack();
		}
	}

	/** A topic leaves the memory; its figures count as they were. */
	void rests(Topic topic, TopicWriter writer, Effect.Rest rest, TopicSnapshot last) {
		long backlog = last.subscriptions()
			.stream()
			.filter(TopicSnapshot.Subscription::durable)
			.mapToLong(TopicSnapshot.Subscription::backlog)
			.sum();
		Sleeper sleeper = new Sleeper(rest.asleep(), last.space().bytes(), backlog, last.delayed(), newTimer(topic));
		count(sleeper, 1);
		this.sleepers.put(topic, sleeper);
		this.writers.remove(topic, writer);
		wakeAt(sleeper, rest.wakeAt());
	}

	/** A topic that was not used since the start comes into memory when it may expire. */
	void expires(Topic topic, long millis) {
		EngineClock clock = this.services.clock();
		if (this.writers.containsKey(topic)) {
			return;
		}
		Sleeper sleeper = new Sleeper(new Asleep(clock.steady().getAsLong(), Map.of()), 0, 0, 0, newTimer(topic));
		if (this.sleepers.putIfAbsent(topic, sleeper) == null) {
			wakeAt(sleeper, clock.now().getAsLong() + millis);
		}
	}

	private void wakeAt(Sleeper sleeper, long time) {
		if (time < Long.MAX_VALUE) {
			this.services.timers().set(sleeper.timer(), time);
		}
	}

	/** Not on the timer's thread, which holds a lock that opening needs. */
	private Timers.Timer newTimer(Topic topic) {
		return this.services.timers().newTimer(() -> thread(topic).execute(() -> wake(topic)));
	}

	private void wake(Topic topic) {
		if (this.sleepers.containsKey(topic)) {
			open(topic);
		}
	}

	/** A topic is deleted. */
	void deleted(Topic topic, TopicWriter writer) {
		this.names.remove(topic);
		this.admission.giveBack();
		this.writers.remove(topic, writer);
	}

	/** A topic has expired. */
	void unused(Topic topic) {
		this.unused.accept(topic);
	}

	/**
	 * Gives a command, on the topic's thread, to the writer that has taken the place of
	 * one that has left, before all commands that come later.
	 */
	void handOver(Topic topic, Command command) {
		TopicWriter next = find(topic);
		if (next == null && topic.partition() > 0 && !exists(topic)) {
			// There may be fewer partitions now.
			command.release();
			TopicAnswers.refuse(topic, this.services, command,
					new StorageFailure(ErrorCode.NOT_FOUND, "Topic '" + topic.whole() + "' was deleted"));
			return;
		}
		if (next == null && command instanceof Command.Request request) {
			try {
				next = open(topic, request);
			}
			catch (RuntimeException | Error ex) {
				TopicAnswers.refuse(topic, this.services, request, StorageFailure.of(ex));
				this.services.tellIfError(ex);
				return;
			}
		}
		if (next != null) {
			next.handle(command);
		}
		else {
			command.release();
		}
	}

	/** The topics of a bundle have another owner. */
	void fence(String bundle, StorageException reason) {
		this.sleepers.forEach((topic, sleeper) -> {
			if (TopicOwner.bundle(topic).equals(bundle) && this.sleepers.remove(topic, sleeper)) {
				this.services.timers().cancel(sleeper.timer());
				count(sleeper, -1);
			}
		});
		this.writers.forEach((topic, writer) -> {
			if (TopicOwner.bundle(topic).equals(bundle)) {
				writer.fence(reason);
			}
		});
	}

	/**
	 * A topic that has left the memory.
	 *
	 * @param asleep what it goes on with
	 * @param bytes what its log has
	 * @param backlog what its durable subscriptions have not acknowledged
	 * @param delayed messages that are not due
	 * @param timer brings it back
	 */
	private record Sleeper(Asleep asleep, long bytes, long backlog, long delayed, Timers.Timer timer) {
	}

}
