package io.weir.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * Two transitions of one state word at the same moment.
 *
 * <p>
 * That these tests can fail was shown by a planted race: when {@code SlotWord.release}
 * compared and then wrote, instead of both in one step, {@link ReturnAndInvalidate}
 * observed {@code true, true} and {@link ReturnAndCondemn} {@code false, false} within half
 * a second.
 */
final class SlotWordRaces {

	private SlotWordRaces() {
	}

	private static SlotWord lent() {
		SlotWord word = new SlotWord(SlotWord.IDLE);
		word.tryLend();
		return word;
	}

	/** Two borrowers never get the same slot, and one of them gets it. */
	@JCStressTest
	@Outcome(id = { "true, false", "false, true" }, expect = Expect.ACCEPTABLE, desc = "one gets it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lent twice, or to nobody")
	@State
	public static class TwoBorrowers {

		private final SlotWord word = new SlotWord(SlotWord.IDLE);

		@Actor
		public void one(ZZ_Result result) {
			result.r1 = this.word.tryLend() != 0;
		}

		@Actor
		public void other(ZZ_Result result) {
			result.r2 = this.word.tryLend() != 0;
		}

	}

	/**
	 * The planted race: a claim that compares and then writes lends twice. That this is
	 * not observed would mean that the other tests observe nothing either; a build
	 * notices by {@code PlantedRaceTest}.
	 */
	@JCStressTest
	@Outcome(id = "true, true", expect = Expect.ACCEPTABLE_INTERESTING, desc = "lent twice: the race is found")
	@Outcome(expect = Expect.ACCEPTABLE, desc = "one gets it")
	@State
	public static class PlantedRace {

		private volatile int status = SlotWord.IDLE;

		@Actor
		public void one(ZZ_Result result) {
			result.r1 = tryLend();
		}

		@Actor
		public void other(ZZ_Result result) {
			result.r2 = tryLend();
		}

		private boolean tryLend() {
			if (this.status != SlotWord.IDLE) {
				return false;
			}
			this.status = SlotWord.LENT;
			return true;
		}

	}

	/** A loan that is returned and declared broken ends once. */
	@JCStressTest
	@Outcome(id = { "true, false", "false, true" }, expect = Expect.ACCEPTABLE, desc = "one ends it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "ended twice, or not at all")
	@State
	public static class ReturnAndInvalidate {

		private final SlotWord word = lent();

		private final long loan = this.word.word();

		@Actor
		public void close(ZZ_Result result) {
			result.r1 = this.word.release(this.loan);
		}

		@Actor
		public void invalidate(ZZ_Result result) {
			result.r2 = this.word.endLoan(this.loan);
		}

	}

	/** A condemned slot is taken out of the pool by one party, whoever that is. */
	@JCStressTest
	@Outcome(id = { "true, false", "false, true" }, expect = Expect.ACCEPTABLE, desc = "one disposes of it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "disposed of twice, or not at all")
	@State
	public static class ReturnAndCondemn {

		private final SlotWord word = lent();

		private final long loan = this.word.word();

		@Actor
		public void close(ZZ_Result result) {
			result.r1 = !this.word.release(this.loan) && this.word.endLoan(this.loan);
		}

		@Actor
		public void condemn(ZZ_Result result) {
			result.r2 = this.word.condemn();
		}

	}

	/** The second close of an old lease leaves the next loan alone. */
	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "the next loan is on, or has not begun")
	@Outcome(expect = Expect.FORBIDDEN, desc = "an old lease ended the next loan")
	@State
	public static class StaleClose {

		private final SlotWord word = lent();

		private final long loan = this.word.word();

		private long next;

		public StaleClose() {
			this.word.release(this.loan);
		}

		@Actor
		public void closeAgain() {
			if (!this.word.release(this.loan)) {
				this.word.endLoan(this.loan);
			}
		}

		@Actor
		public void borrow() {
			this.next = this.word.tryLend();
		}

		@Arbiter
		public void check(Z_Result result) {
			result.r1 = this.next != 0 && this.word.isOn(this.next);
		}

	}

}
