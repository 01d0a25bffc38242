package io.weir.faults;

import java.util.List;

import io.weir.fixtures.faults.PlantedFault;
import io.weir.fixtures.faults.PlantedFaultsContract;

/** Faults of the codec and of what carries frames. */
class PlantedFaultsTest extends PlantedFaultsContract {

	@Override
	protected List<PlantedFault> all() {
		return List.of(WireFault.values());
	}

	@Override
	protected List<PlantedFault> everyBuild() {
		return List.of(WireFault.PARTIAL_FRAME_REFUSED);
	}

}
