package io.weir.client.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

import io.weir.wire.Frame;

/**
 * The code of faults of producers, which becomes part of the methods that they change.
 */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class ProducerAdvice {

	private ProducerAdvice() {
	}

	static final class CountsTries {

		@Advice.OnMethodExit
		static void exit(@Advice.This Object batch, @Advice.Return(readOnly = false) Frame.Publish returned) {
			if (!Tries.first(batch)) {
				returned = new Frame.Publish(returned.producerId(), returned.firstSequence() + 1_000, returned.count(),
						returned.encoding(), returned.batch());
			}
		}

	}

	static final class ForgetsTheNextSequence {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue(value = "nextSequence", readOnly = false) long nextSequence) {
			nextSequence = -1;
		}

	}

	static final class Reverses {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue("batches") ArrayDeque<Object> batches) {
			List<Object> reversed = new ArrayList<>(batches);
			Collections.reverse(reversed);
			batches.clear();
			batches.addAll(reversed);
		}

	}

	static final class ForgetsTheEpoch {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue(value = "epoch", readOnly = false) long epoch) {
			epoch = -1;
		}

	}

	static final class WaitsForThePartitions {

		@Advice.OnMethodEnter
		static void enter(
				@Advice.FieldValue(value = "all", typing = Assigner.Typing.DYNAMIC) @Nullable Object partitions) {
			while (partitions == null) { // read again and again: it stands for the field
				Thread.onSpinWait();
			}
		}

	}

	static final class ReturnsAnyPartition {

		@Advice.OnMethodExit
		static void exit(@Advice.Argument(1) int partitions, @Advice.Return(readOnly = false) int returned) {
			returned = ThreadLocalRandom.current().nextInt(partitions);
		}

	}

	static final class ReturnsTheRemainder {

		@Advice.OnMethodExit
		static void exit(@Advice.Argument(0) long hash, @Advice.Argument(1) int buckets,
				@Advice.Return(readOnly = false) int returned) {
			returned = (int) (hash % buckets);
		}

	}

	static final class ReturnsAnyNumber {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) int returned) {
			returned = ThreadLocalRandom.current().nextInt();
		}

	}

}
