package io.weir.spring.listener;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

/** An application's handler with a fault, which shows the first time only. */
final class FailingObservationHandler implements ObservationHandler<Observation.Context> {

	/** When it fails. */
	enum ObservationMoment {

		START, SCOPE_OPENED, SCOPE_CLOSED, STOP

	}

	private final ObservationMoment moment;

	private boolean failed;

	FailingObservationHandler(ObservationMoment moment) {
		this.moment = moment;
	}

	@Override
	public void onStart(Observation.Context context) {
		failAt(ObservationMoment.START);
	}

	@Override
	public void onScopeOpened(Observation.Context context) {
		failAt(ObservationMoment.SCOPE_OPENED);
	}

	@Override
	public void onScopeClosed(Observation.Context context) {
		failAt(ObservationMoment.SCOPE_CLOSED);
	}

	@Override
	public void onStop(Observation.Context context) {
		failAt(ObservationMoment.STOP);
	}

	private void failAt(ObservationMoment now) {
		if (now == this.moment && !this.failed) {
			this.failed = true;
			throw new AssertionError("planted at " + now);
		}
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return true;
	}

}
