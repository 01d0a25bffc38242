package io.weir.client.kill;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.TopicLog;
import io.weir.client.Interception;

/**
 * Stands between a broker and its store, and has the process killed ({@code kill -9})
 * when a step was taken for the so manieth time, before the broker knows.
 */
final class DeadlySteps {

	private final String source;

	private final String target;

	private final Step last;

	private final AtomicInteger left;

	/** Whether anything was copied to the target. */
	private volatile boolean copied;

	/**
	 * Creates the steps.
	 * @param source the topic whose messages become dead letters
	 * @param target the topic of dead letters
	 * @param last the step at which the process dies
	 * @param times when it is taken for the so manieth time
	 */
	DeadlySteps(String source, String target, Step last, int times) {
		this.source = source;
		this.target = target;
		this.last = last;
		this.left = new AtomicInteger(times);
	}

	/** What a broker is given instead of a store. */
	StorageEngine before(StorageEngine store) {
		return Interception.of(StorageEngine.class, store, (method, arguments, call) -> {
			Object result = call.proceed();
			return method.equals("open") ? stage(result).thenApply((opened) -> watched((OpenedLog) opened)) : result;
		});
	}

	private OpenedLog watched(OpenedLog opened) {
		TopicLog log = opened.log();
		String topic = log.topic().name();
		if (topic.equals(this.source)) {
			log = Interception.of(TopicLog.class, log, this::onSource);
		}
		else if (topic.equals(this.target)) {
			log = Interception.of(TopicLog.class, log, this::onTarget);
		}
		return new OpenedLog(log, opened.producers(), opened.cursors());
	}

	private @Nullable Object onSource(String method, Object[] arguments, Interception.Call call) throws Throwable {
		Object result = call.proceed();
		return (method.equals("cursors") && result != null)
				? Interception.of(CursorStore.class, (CursorStore) result, this::onCursors) : result;
	}

	private @Nullable Object onCursors(String method, Object[] arguments, Interception.Call call) throws Throwable {
		Object result = call.proceed();
		if (!method.equals("acknowledge")) {
			return result;
		}
		CursorChange change = (CursorChange) arguments[1];
		boolean counts = change.redeliveries().values().stream().anyMatch((count) -> count.toBytes().length > 0);
		boolean acknowledges = this.copied;
		return stage(result).whenComplete((done, failure) -> {
			if (counts) {
				step(Step.COUNTED);
			}
			if (acknowledges) {
				step(Step.ACKNOWLEDGED);
			}
		});
	}

	private @Nullable Object onTarget(String method, Object[] arguments, Interception.Call call) throws Throwable {
		Object result = call.proceed();
		return switch (method) {
			case "append" -> stage(result).whenComplete((position, failure) -> {
				this.copied = true;
				step(Step.COPIED);
			});
			case "forgetProducers" -> stage(result).whenComplete((done, failure) -> step(Step.FORGOTTEN));
			default -> result;
		};
	}

	private void step(Step step) {
		if (step == this.last && this.left.decrementAndGet() == 0) {
			die();
		}
	}

	private static void die() {
		try {
			new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start().waitFor();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unchecked") // whatever it completes with, nobody looks at it here
	private static CompletionStage<Object> stage(@Nullable Object stage) {
		return (CompletionStage<Object>) stage;
	}

}
