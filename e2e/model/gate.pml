/*
 * The gate and what it guards, for the model checker SPIN; `npm run model` runs it.
 *
 * What stands before this text is made from lib/gate/transitions.ts: E_<event> names each step in a trail,
 * FROM_<event> and MOVE_<event> are what the table lets the gate do, and each guard of the table is a macro
 * G_<GUARD>(condition) that -DNO_<GUARD> takes away. What the database does under its locks is one step
 * here, all else is several.
 *
 * A copy shares nothing with its original. So the model follows, from the copy on, either of them: the
 * original when there is no copy, else the copy, in which nobody lives.
 *
 * Attempts: an entry names the worker that holds it. A worker has one run at a time, so "this is still my
 * claim" is the same question as "the attempt is still mine". A process that starts again is another worker.
 */
#define INACTIVE 0
#define ACTIVE 1
#define CLOSING 2

#ifndef BOOTS
#define BOOTS (NW+CRASHES)
#endif

/* Where a process is. SENT with a permit whose time is not over: its write may be on the wire. */
#define DEAD 0
#define ASKED 1
#define SEEN 2
#define JOINED 3
#define FREE 4
#define RUNNING 5
#define GRANTING 6
#define PERMITTED 7
#define SENT 8
#define WRITTEN 9

/* A permit in a worker's hands. OVER: its deadline and margin have passed, and whoever asks gives it up. */
#define NONE 0
#define FRESH 1
#define STALE 2
#define OVER 3

/* A permit in nobody's hands, in time: still open after a crash, or settled as unanswered. */
#define OPEN 1
#define UNKNOWN 2

/* Who holds an entry: 0 nobody, n+1 worker n. */
#define LOST 14
#define DONE 15

/* How a member stands to the database: connected, cut off, or cut off and the database is another since. */
#define CONNECTED 0
#define CUT_OFF 1
#define RESTARTED 2
#define FAILED_OVER 3
#define PUT_BACK 4

byte st; byte inc; byte ep;
byte shownInc; byte shownEp;
byte holder[NP]; bool changed[NP]; byte left[NP];
byte pc[NW]; byte mem[NW]; byte ans[NW]; byte chk[NW];
byte perm[NW]; byte my[NW]; byte under[NW]; bool knows[NW];
/* Ghost: opened by a person who was shown this fence, and somebody has lived ever since. */
bool auth;
byte nextInc = 1;
byte boots = BOOTS; byte crashes = CRASHES; byte opens = OPENS; byte loses = LOSES; byte changes = CHANGES;
#ifdef RESTART
byte restarts = 1; bool snapped; byte snapSt; byte snapInc; byte snapEp;
#endif
#ifdef HEARTBEAT
bool beat;
#endif
#ifdef NO_OWN_QUESTION
byte stored;
#endif
#ifdef NO_ANSWERER_OF_THIS_LIFE
bool misled[NW];
#define MISLED(i) misled[i]
#else
#define MISLED(i) false
#endif

/* For all workers. */
#if NW==2
#define ALL(f) (f(0) && f(1))
#else
#define ALL(f) (f(0) && f(1) && f(2))
#endif
#define NOT_STARTING(i) (pc[i]!=ASKED && pc[i]!=SEEN && G_ANSWERING_FIRST(pc[i]!=JOINED))
#define NOT_GRANTING(i) (pc[i]!=GRANTING)
#define NO_PERMIT(i) (perm[i]==NONE || perm[i]==OVER)
/* Who lives: a member, who was answered at this epoch and will join, who has a write under way. */
#define NO_LIFE(i) !(pc[i]!=DEAD && ((mem[i]!=0 && mem[i]==inc) || (pc[i]==ASKED && ans[i]!=0 && ans[i]==ep && !MISLED(i)) || pc[i]==GRANTING || perm[i]==FRESH || perm[i]==STALE))
#define NOT_SERVING(i) !(pc[i]>=FREE && mem[i]!=0 && mem[i]==inc && chk[i]==CONNECTED)
#define NOT_A_MEMBER(i) !(pc[i]>=JOINED && mem[i]!=0 && mem[i]==inc)

#define LIVES_NOW (!(ALL(NO_LIFE)))
#define UNLOCKED G_GATE_LOCK(ALL(NOT_GRANTING))
#if NP==1
#define NONE_LEFT (left[0]!=OPEN)
#else
#define NONE_LEFT (left[0]!=OPEN && left[1]!=OPEN)
#endif
#define NOTHING_PERMITTED G_NO_PERMIT_OPEN(G_TIME_IS_UP(ALL(NO_PERMIT) && NONE_LEFT))

#define ON_WIRE_OF(i,p) (pc[i]==SENT && (perm[i]==FRESH || perm[i]==STALE) && my[i]==p)
#define PERMITTED_TO(i,p) ((perm[i]==FRESH || perm[i]==STALE) && my[i]==p)
#define GRANTED_NOW_TO(i,p) (pc[i]==GRANTING && my[i]==p)
#if NW==2
#define ANY(f,p) (f(0,p) || f(1,p))
#else
#define ANY(f,p) (f(0,p) || f(1,p) || f(2,p))
#endif
#define GHOST auth = auth && LIVES_NOW
#define SURE(n) G_SERVER_AS_JOINED(chk[n]<RESTARTED)
#ifdef PROMPT
#define TIME_TO_ANSWER_IS_OVER ALL(NOT_SERVING)
#else
#define TIME_TO_ANSWER_IS_OVER true
#endif

inline without_claim(n) { my[n]=0; under[n]=0; knows[n]=false }
inline gone(n) {
  if
  :: (perm[n]==FRESH || perm[n]==STALE) -> left[my[n]]=OPEN
  :: else
  fi;
  if
  :: pc[n]>=RUNNING && holder[my[n]]==n+1 -> holder[my[n]]=LOST
  :: else
  fi;
  pc[n]=DEAD; mem[n]=0; ans[n]=0; chk[n]=CONNECTED; perm[n]=NONE; without_claim(n);
#ifdef NO_ANSWERER_OF_THIS_LIFE
  misled[n]=false;
#endif
}
inline give_back(n) {
  if
  :: G_CLAIM_CURRENT(holder[my[n]]==n+1) && holder[my[n]]!=DONE -> holder[my[n]]=0
  :: else
  fi;
  pc[n]=FREE; without_claim(n)
}
inline returned(p) {
  if
  :: holder[p]!=DONE -> holder[p]=0
  :: else
  fi
}

#define MAY_GRANT(n) (mem[n]!=0 && SURE(n) && G_NOTHING_UNANSWERED(left[my[n]]!=UNKNOWN) \
  && G_GATE_OPEN(st==ACTIVE) && G_FENCE_CURRENT(under[n]==ep && mem[n]==inc) && G_CLAIM_CURRENT(holder[my[n]]==n+1))

#ifdef NO_ANSWERER_OF_THIS_LIFE
#define MISLEAD(m,n) misled[m] = (mem[n]!=inc)
#else
#define MISLEAD(m,n) skip
#endif
#ifdef NO_OWN_QUESTION
#define STORE stored=ep
#else
#define STORE skip
#endif
#define ANSWER(m) \
  :: d_step { m!=n && pc[m]==ASKED && ans[m]==0 && pc[n]>=FREE && mem[n]!=0 && chk[n]==CONNECTED \
       && G_ANSWERER_OF_THIS_LIFE(mem[n]==inc) -> E_answer; ans[m]=ep; MISLEAD(m,n); STORE }
#define CLAIM(p) \
  :: d_step { pc[n]==FREE && mem[n]!=0 && SURE(n) && holder[p]==0 \
       && G_OWN_LIFE(mem[n]==inc) && G_GATE_OPEN(st==ACTIVE) \
       && G_PAIR_NOT_ON_WIRE(G_TIME_IS_UP(left[p]!=OPEN && !(ANY(PERMITTED_TO,p)))) -> E_claim; \
       holder[p]=n+1; my[n]=p; under[n]=ep; knows[n]=true; changed[p]=false; pc[n]=RUNNING; CLAIMS_AS(n) }
/* A claim carries the life it was made in; a worker that did not look claims in another's name. */
#ifdef NO_OWN_LIFE
#define CLAIMS_AS(n) mem[n]=inc
#else
#define CLAIMS_AS(n) skip
#endif

proctype Worker(byte n) {
end_worker:
  do
  /* --- the start protocol. Dead processes are alike: the first of them is the one that starts. --- */
  :: d_step { pc[n]==DEAD && boots>0 && (n==0 || pc[n-1]!=DEAD) && (n<2 || pc[n-2]!=DEAD) &&
       G_START_LOCK(ALL(NOT_STARTING)) -> E_start; E_ask; boots--; pc[n]=ASKED }
  ANSWER(0)
  ANSWER(1)
#if NW==3
  ANSWER(2)
#endif
#ifdef HEARTBEAT
  :: d_step { pc[n]==ASKED && beat && inc!=0 -> E_join; mem[n]=inc; ans[n]=0; pc[n]=JOINED }
  :: d_step { pc[n]>=FREE && !beat -> beat=true }
  :: d_step { beat -> beat=false }
#endif
#ifdef NO_OWN_QUESTION
  :: d_step { pc[n]==ASKED && G_OWN_QUESTION(ans[n]!=0) && stored!=0 && stored==ep -> E_join; mem[n]=inc; ans[n]=0; pc[n]=JOINED }
#endif
  :: d_step { pc[n]==ASKED && ans[n]!=0 && G_ANSWER_AT_THIS_EPOCH(ans[n]==ep) -> E_join; mem[n]=inc; ans[n]=0; pc[n]=JOINED }
  :: d_step { pc[n]==ASKED && ans[n]!=0 && ans[n]!=ep -> E_ask; ans[n]=0 }
  :: d_step { pc[n]==ASKED && ans[n]==0 && TIME_TO_ANSWER_IS_OVER -> pc[n]=SEEN; ans[n]=ep }
  :: d_step { pc[n]==SEEN && nextInc<=LIVES_AT_MOST && G_FENCE_AS_READ(ans[n]==ep) && FROM_begin && UNLOCKED -> E_begin;
#ifdef PROMPT
       /* Members answer in time: then nobody's life is ended by a newcomer. */
       assert(ALL(NOT_A_MEMBER));
#endif
       if
       :: NOTHING_PERMITTED -> MOVE_begin(INACTIVE,nextInc); auth=false
       :: else -> MOVE_begin(CLOSING,nextInc)
       fi;
       mem[n]=nextInc; nextInc++; pc[n]=JOINED;
       returned(0);
#if NP==2
       returned(1);
#endif
       /* Who begins a life holds the gate's fence. */
       assert(ep==ans[n]+1);
       ans[n]=0; GHOST }
  :: d_step { pc[n]==SEEN && ans[n]!=ep -> E_ask; pc[n]=ASKED; ans[n]=0 }
  :: d_step { pc[n]==JOINED -> E_serve; pc[n]=FREE }

  /* --- a member and its connection --- */
  :: d_step { pc[n]>=FREE && mem[n]!=0 && chk[n]==CONNECTED && loses>0 -> E_lose; loses--; chk[n]=CUT_OFF }
  :: d_step { pc[n]>=FREE && mem[n]!=0 && chk[n]!=CONNECTED -> E_continue;
       if
       :: G_SAME_SERVER(chk[n]!=RESTARTED && chk[n]!=FAILED_OVER) && G_NOT_REWOUND(chk[n]!=PUT_BACK) && G_OWN_LIFE(mem[n]==inc) -> skip
       :: else -> mem[n]=0
       fi;
       chk[n]=CONNECTED; GHOST }
  :: d_step { pc[n]>=FREE && mem[n]!=0 && chk[n]==CONNECTED && mem[n]!=inc -> E_continue; mem[n]=0; GHOST }
  :: d_step { pc[n]==FREE && mem[n]==0 -> gone(n) }

  /* --- its work --- */
  CLAIM(0)
#if NP==2
  CLAIM(1)
#endif
  :: d_step { pc[n]==RUNNING && MAY_GRANT(n) -> pc[n]=GRANTING }
  :: d_step { pc[n]==GRANTING -> E_permit; perm[n]=FRESH; pc[n]=PERMITTED }
#ifdef CALM
  :: d_step { pc[n]==RUNNING && !MAY_GRANT(n) -> E_give_back; give_back(n) }
#else
  :: d_step { pc[n]==RUNNING -> E_give_back; give_back(n) }
  :: d_step { perm[n]==FRESH -> perm[n]=STALE }
  :: d_step { perm[n]==STALE -> perm[n]=OVER }
#endif
  :: d_step { pc[n]==PERMITTED && G_PERMIT_FRESH(perm[n]==FRESH) -> E_send;
       /* No write begins while the gate is closed, */
       assert(auth);
       assert(st!=INACTIVE);
       /* none under an old fence once it is open again, */
       assert(st!=ACTIVE || under[n]==ep);
       /* and none while another one of the pair may still land. */
       assert(!(ANY(ON_WIRE_OF,my[n])) && left[my[n]]==NONE);
       perm[n]=STALE; pc[n]=SENT }
  :: d_step { pc[n]==PERMITTED && perm[n]!=FRESH -> E_settle; perm[n]=NONE; pc[n]=RUNNING; GHOST }
  :: d_step { pc[n]==SENT && perm[n]==STALE -> E_settle; perm[n]=NONE; pc[n]=WRITTEN; GHOST }
#ifndef CALM
  :: d_step { pc[n]==SENT -> E_settle;
       if
       :: perm[n]==STALE -> left[my[n]]=UNKNOWN
       :: else
       fi;
       perm[n]=NONE; pc[n]=RUNNING; GHOST }
#endif
  :: d_step { pc[n]==WRITTEN -> E_complete;
       if
       :: G_CLAIM_CURRENT(holder[my[n]]==n+1) && G_VERSION_AS_CLAIMED(!changed[my[n]]) ->
          /* No change leaves the queue unread. */
          assert(knows[n]);
          holder[my[n]]=DONE
       :: else ->
          if
          :: holder[my[n]]==n+1 -> holder[my[n]]=0
          :: else
          fi
       fi;
       pc[n]=FREE; without_claim(n) }

  :: d_step { pc[n]!=DEAD && crashes>0 -> E_crash; crashes--; gone(n); GHOST }
  od
}

#define FORGET(i,p) \
       if \
       :: my[i]==p -> knows[i]=false \
       :: else \
       fi
#ifdef NOBODY_SETTLES
#define SETTLING false
#else
#define SETTLING true
#endif
#define QUEUE(p) \
  :: d_step { holder[p]!=0 && holder[p]!=DONE && RESCUABLE(p) && G_ENTRY_LOCK(!(ANY(GRANTED_NOW_TO,p))) -> E_rescue; holder[p]=0 } \
  :: d_step { left[p]!=NONE -> left[p]=NONE } \
  :: d_step { changes>0 -> E_change; changes--; FORGET(0,p); FORGET(1,p); FORGET(NW-1,p); \
       if \
       :: holder[p]==DONE -> holder[p]=0 \
       :: else -> changed[p]=true \
       fi }
#ifdef NOBODY_RESCUES
#define RESCUABLE(e) false
#elif defined(CALM)
#define RESCUABLE(e) (holder[e]==LOST)
#else
#define RESCUABLE(e) true
#endif

/* What is done by people, by anybody, and by the world. */
proctype Node() {
end_node:
  do
  :: d_step { st!=ACTIVE && inc!=0 && opens>0 && (shownEp!=ep || shownInc!=inc) -> shownEp=ep; shownInc=inc }
  :: d_step { opens>0 && inc!=0 && shownEp!=0 && G_FENCE_AS_SHOWN(shownEp==ep && shownInc==inc) &&
       G_GATE_INACTIVE(FROM_open) && st!=ACTIVE && UNLOCKED -> E_open; opens--;
       auth = (shownEp==ep && shownInc==inc && LIVES_NOW); MOVE_open; shownEp=0; shownInc=0 }
#ifndef STAYS_OPEN
  :: d_step { FROM_close && UNLOCKED -> E_close; MOVE_close; GHOST }
#endif
  :: d_step { SETTLING && FROM_settle_closing && NOTHING_PERMITTED -> E_settle_closing; MOVE_settle_closing; auth=false }
  QUEUE(0)
#if NP==2
  QUEUE(1)
#endif
  od
}

#ifdef RESTART
#define CUT(i,how) \
       if \
       :: pc[i]==ASKED || pc[i]==SEEN || pc[i]==JOINED -> gone(i) \
       :: pc[i]>=FREE && mem[i]!=0 -> chk[i]=how \
       :: else \
       fi; \
       if \
       :: pc[i]==GRANTING -> pc[i]=RUNNING \
       :: else \
       fi
#define AGE(i) \
       if \
       :: perm[i]==FRESH -> perm[i]=STALE \
       :: else \
       fi
#if NW==2
#define CUT_ALL(how) CUT(0,how); CUT(1,how)
#define AGE_ALL AGE(0); AGE(1)
#else
#define CUT_ALL(how) CUT(0,how); CUT(1,how); CUT(2,how)
#define AGE_ALL AGE(0); AGE(1); AGE(2)
#endif
/* The gate of the past comes back, later than a fresh permit lives. */
#define GO_BACK \
       auth = (auth && st==snapSt && inc==snapInc && ep==snapEp); \
       st=snapSt; inc=snapInc; ep=snapEp; AGE_ALL; GHOST
proctype Database() {
end_database:
  do
  :: d_step { !snapped && restarts>0 -> snapped=true; snapSt=st; snapInc=inc; snapEp=ep }
  :: d_step { restarts>0 -> E_database_restart; restarts--; CUT_ALL(RESTARTED); GHOST; snapped=false; snapSt=0; snapInc=0; snapEp=0 }
  :: d_step { restarts>0 && snapped -> E_database_restart; restarts--; CUT_ALL(FAILED_OVER); GO_BACK; snapped=false; snapSt=0; snapInc=0; snapEp=0 }
  :: d_step { restarts>0 && snapped && snapEp<ep -> E_database_restart; restarts--; CUT_ALL(PUT_BACK); GO_BACK; snapped=false; snapSt=0; snapInc=0; snapEp=0 }
  od
}
#endif

#ifdef COPY
#define IN_COPY(i) \
       if \
       :: pc[i]==GRANTING -> pc[i]=RUNNING \
       :: else \
       fi; \
       gone(i)
/* In the copy nobody lives, whoever is noted there; pages and jobs still know the fence that they were shown. */
proctype Copier() {
end_copier:
  d_step { true -> E_copy; IN_COPY(0); IN_COPY(1);
#if NW==3
    IN_COPY(2);
#endif
    boots=2; auth=false }
}
#endif

#if NP==1
#define DRAINED (holder[0]==DONE)
#else
#define DRAINED (holder[0]==DONE && holder[1]==DONE)
#endif

#ifdef DRAINS
/* Time goes on also when nothing is left to do, so that what never happens is a run of its own. */
bool tick;
proctype Clock() {
  do
  :: tick=!tick
  od
}
ltl drains { (<>[] (st==ACTIVE)) -> (<>[] DRAINED) }
#else
/* When nothing can happen any more, no closing hangs and nothing that may be sent is left. */
proctype Rest() {
end_rest:
  timeout -> assert(st!=CLOSING && (st!=ACTIVE || DRAINED || ALL(NOT_SERVING)))
}
#endif

init { atomic {
  run Worker(0); run Worker(1);
#if NW==3
  run Worker(2);
#endif
  run Node();
#ifdef RESTART
  run Database();
#endif
#ifdef COPY
  run Copier();
#endif
#ifdef DRAINS
  run Clock()
#else
  run Rest()
#endif
} }
