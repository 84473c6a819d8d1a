#pragma once

#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// Anomalous rows are not learnt. A model whose first samples lacked something rare but ordinary (an
// occasional error) would therefore never learn it, and would alert far more often than the budget
// allows. A deviation that recurs so often is normal for the target, not an incident.
//
// The budget allows `expected` alerts in a window of this length; an alert is a run of at least
// `shortest` anomalous rows. If more than max(7, 7 x `expected`) runs would alert, marks all runs
// of at most twice their median length as normal. Longer runs stay anomalous: they are real
// incidents between the recurring ones. Returns the number of rows marked.
int AdmitRecurringAnomalies(double expected, int shortest, TrainingWindow& window);

}  // namespace promheal::anomaly
