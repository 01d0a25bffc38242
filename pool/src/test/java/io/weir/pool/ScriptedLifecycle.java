package io.weir.pool;

import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A lifecycle whose next calls do what the test says; without a script everything works
 * at once. It checks by itself that no resource is destroyed twice or tested afterwards.
 */
final class ScriptedLifecycle implements ResourceLifecycle<ScriptedLifecycle.Resource> {

	final Deque<Supplier<CompletionStage<Resource>>> creations = new ConcurrentLinkedDeque<>();

	final Deque<Function<Resource, CompletionStage<Boolean>>> validations = new ConcurrentLinkedDeque<>();

	final Deque<Supplier<CompletionStage<Void>>> destructions = new ConcurrentLinkedDeque<>();

	final List<Resource> created = new CopyOnWriteArrayList<>();

	final List<String> violations = new CopyOnWriteArrayList<>();

	/** Runs on the thread that borrows or returns. */
	volatile Runnable beforeCheapTest = () -> {
	};

	final AtomicInteger createCalls = new AtomicInteger();

	final AtomicInteger validateCalls = new AtomicInteger();

	final AtomicInteger alive = new AtomicInteger();

	final AtomicInteger mostAlive = new AtomicInteger();

	@Override
	public CompletionStage<Resource> create() {
		this.createCalls.incrementAndGet();
		Supplier<CompletionStage<Resource>> scripted = this.creations.poll();
		return (scripted != null) ? scripted.get() : CompletableFuture.completedFuture(resource());
	}

	Resource resource() {
		Resource resource = new Resource(this.created.size());
		this.created.add(resource);
		int now = this.alive.incrementAndGet();
		this.mostAlive.accumulateAndGet(now, Math::max);
		return resource;
	}

	@Override
	public boolean isUsable(Resource resource) {
		this.beforeCheapTest.run();
		return resource.usable;
	}

	@Override
	public CompletionStage<Boolean> validate(Resource resource) {
		this.validateCalls.incrementAndGet();
		if (resource.destructions.get() > 0) {
			this.violations.add(resource + " was tested after it was destroyed");
		}
		Function<Resource, CompletionStage<Boolean>> scripted = this.validations.poll();
		return (scripted != null) ? scripted.apply(resource) : CompletableFuture.completedFuture(resource.valid);
	}

	@Override
	public CompletionStage<Void> destroy(Resource resource, DestroyReason reason) {
		if (resource.destructions.incrementAndGet() > 1) {
			this.violations.add(resource + " was destroyed twice");
		}
		resource.destroyedFor = reason;
		this.alive.decrementAndGet();
		Supplier<CompletionStage<Void>> scripted = this.destructions.poll();
		return (scripted != null) ? scripted.get() : CompletableFuture.completedFuture(null);
	}

	/** The next creations wait until the test completes them. */
	List<CompletableFuture<Resource>> holdCreations(int count) {
		List<CompletableFuture<Resource>> held = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			CompletableFuture<Resource> creation = new CompletableFuture<>();
			held.add(creation);
			this.creations.add(() -> creation);
		}
		return held;
	}

	void failCreations(int count, RuntimeException failure) {
		for (int i = 0; i < count; i++) {
			this.creations.add(() -> CompletableFuture.failedFuture(failure));
		}
	}

	/** The next deep test waits until the test completes it. */
	CompletableFuture<Boolean> holdValidation() {
		CompletableFuture<Boolean> validation = new CompletableFuture<>();
		this.validations.add((resource) -> validation);
		return validation;
	}

	Map<DestroyReason, Integer> destroyed() {
		Map<DestroyReason, Integer> counts = new EnumMap<>(DestroyReason.class);
		for (Resource resource : this.created) {
			if (resource.destroyedFor != null) {
				counts.merge(resource.destroyedFor, 1, Integer::sum);
			}
		}
		return counts;
	}

	static final class Resource {

		final int id;

		final AtomicInteger destructions = new AtomicInteger();

		final AtomicInteger users = new AtomicInteger();

		volatile boolean usable = true;

		volatile boolean valid = true;

		volatile DestroyReason destroyedFor;

		Resource(int id) {
			this.id = id;
		}

		@Override
		public String toString() {
			return "resource " + this.id;
		}

	}

}
