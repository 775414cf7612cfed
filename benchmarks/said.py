"""The words of docs/benchmarks.md around its figures."""

TEXT = """# Benchmarks

Written by `make bench`, which prints these figures; never by hand. `python -m benchmarks reveal ledger` runs only the
parts named, and writes nothing. No test is timed. Rates and times of a machine that does other work as well are worse
than its own; shares within one run, and processor time, much less so.

{machine} {spent}

{table}

## What is measured

* **reveal**: the processor time that one `work.reveal` of 60 fields in 8 categories takes in the serving thread:
  matrix, select, opening of the sealed parts, ledger event. The quietest of nine rounds. Once with the data keys in
  memory, once as the first of a request, which asks the team of the case and proves its stamps, and once with no data
  key in memory, which costs one call to the key service. *A list* opens one category of each of 50 cases: 50 teams with
  their stamps, 50 sealed parts, 50 events.
* **ledger**: transactions that each write one event, committed to the disk, by eight processes. The hash chain is the
  strongest we could write: hash and insert are one statement, its table has the ledger's own columns and indexes. The
  other work is done between the event and the commit, as in every reading of a case. Then the sealing command is run as
  its timer runs it, while all write and a transaction stays open: the time from each event to the head that covers it.
* **case page**: two processes of four threads, sixteen clients in a process of their own, 12 cases in turn. *Every
  safeguard* is the service as installed: session, matrix, row-level security, sealed parts, committed event, headers.
  *The floor* draws the same page from the same rows with the same code, from plain columns, with none of these and
  without signing in. *The bare floor* reads the same rows and fills the same template, but the words, clocks and steps
  of the page were worked out before. Processor time includes the database's, in the quietest round. The *marks* were
  not measured here: prototypes on two cores under sixteen clients, which answered 60 columns and 10 rows as JSON.
* **rotation**: two serving processes are asked for 60 pages a second, every second one a case page, 120 cases in turn,
  while 20,000 data keys are rewrapped; the command is killed with a third done, run again, and the old epoch destroyed.
  A request that is not answered with 200 ends the benchmark.
* **memory**: one serving process, four threads, sixteen clients, one case page in six requests. The growth is the slope
  of the best straight line.
* **start**: `nrm run` until `/sign-in` is served, the embedded database included.
* **procedure**: what may be done, asked of every track of a case in which one of each kind is on its way, and of every
  opening; and the time from the first check of a step to its commit, of 120 in six cases.
* **sweeping**: 100,000 clocks in twenty cases; each that is due is dealt with in a transaction of its own.
* **search**: 10,000 generated people with names in Arabic, Cyrillic and Latin script; 1,500 of them written again as
  another office would (other script, slips, other order, parts of the date), and 1,500 who are new. What is found is
  worked out in memory with the service's own functions; the times are of the whole search, on a database that holds
  all 10,000, entered through the service.
* **febrl**: the data sets 3 and 4 of FEBRL: names and dates of birth only.
* **attack**: what a thief of the search tokens recovers who knows how often every name and date occurs. A name counts
  when all its parts are right, a row when the date of birth is right too.
* **accesses**: the demonstration country, where everybody opens every case on their list of work each day for a week,
  and one office looks around; what the ledger says must tell the two apart.
* **refusals**: a stranger, and somebody who is barred by a conflict of interest, ask for cases that there are and for
  some that there are not, in turn; the medians of both, and one over the other.
* **tampering**: a ledger that the service wrote and sealed, changed in memory as whoever owns the database could
  change it, each time at another place, and verified as an auditor does who kept its last head.
* **compared**: the demonstration country goes through its journeys, then cases are copied as for the drill, each with
  notes, sums and events of its own; one run of the check reads all of it and must find nothing. NRM_COMPARED_CASES
  says how many in all.
* **drill**: both backups made, brought back into an empty database, every table compared. Twenty cases led through the
  service and copies of their rows. NRM_DRILL_CASES says how many in all: 100,000 are the whole drill and take half an
  hour; of 10,000, which `make bench` takes, it is reckoned how long 100,000 would take.
"""
