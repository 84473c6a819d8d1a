#pragma once

#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// What is anomalous is not learnt, so that a model which knows too little of what is rare but
// ordinary (an error now and then, seen by none of the few samples it first learnt from) never
// comes to know it: it alerts for good, many times as often as was promised. What recurs so often
// is not an incident but how the target is.
//
// `expected` alerts are within the budget for as long as the window is, and an alert leaves at
// least `shortest` anomalous rows in a row. Where there are more than seven times as many, and more
// than seven, the rows become normal of those that are no longer than twice the median of them: of
// what recurs, not of the incidents in between. Returns how many rows.
int AdmitRecurringAnomalies(double expected, int shortest, TrainingWindow& window);

}  // namespace promheal::anomaly
